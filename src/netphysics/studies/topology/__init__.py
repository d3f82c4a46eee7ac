"""Studies of the wing topology."""
