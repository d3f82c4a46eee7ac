"""The study of the priors of random knots; nothing is imported here."""
