"""The study of the damped pendulum; nothing is imported here."""
