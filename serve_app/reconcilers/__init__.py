"""Loops that bring the actual state to the desired one: actors, deployments, certificates, the registry's alias."""
