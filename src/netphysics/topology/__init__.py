"""Wing, networks and shape: what the topology of data does to networks, from circles to phase space."""
