"""Studies of the wing topology; nothing is imported here."""
