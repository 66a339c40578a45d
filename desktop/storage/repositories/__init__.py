"""The repositories, one module per noun. They take and give domain objects; rows never leave."""
