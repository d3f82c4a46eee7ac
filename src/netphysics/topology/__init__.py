"""Wing, networks and shape: what the topology of data does to networks that compress it."""
