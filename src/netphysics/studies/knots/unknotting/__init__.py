"""The study of agents that unknot, beside walkers and search."""
