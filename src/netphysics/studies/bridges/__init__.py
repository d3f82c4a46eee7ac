"""Studies that ask what two wings know together."""
