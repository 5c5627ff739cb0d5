"""Models behind an endpoint: their cards, the protocols that endpoints speak, and the port by which they are called."""
