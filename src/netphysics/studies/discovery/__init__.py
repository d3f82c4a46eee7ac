"""Studies of the wing discovery; nothing is imported here."""
