"""The demonstration: the whole loop on real images through HTTP, with simulated people, all figures measured."""
