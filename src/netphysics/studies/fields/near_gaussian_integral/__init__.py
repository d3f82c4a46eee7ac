"""The study of perturbation theory for the integral of one number; nothing is imported here."""
