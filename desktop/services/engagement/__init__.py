"""What happens around posts on the networks: reading them back, answering, hiding, deleting, and their figures."""
