"""The demonstration: the whole loop on real images over HTTP, with simulated reviewers, measured."""
