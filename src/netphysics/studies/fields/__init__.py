"""Studies of the wing fields; nothing is imported here."""
