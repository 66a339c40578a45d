"""What a person can set, declared once."""
