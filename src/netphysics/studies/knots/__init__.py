"""Studies of the wing knots; nothing is imported here."""
