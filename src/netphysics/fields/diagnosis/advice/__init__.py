"""The most likely cause of trouble, and the change that mends it, with a line to paste."""
