"""Studies of networks that learn."""
