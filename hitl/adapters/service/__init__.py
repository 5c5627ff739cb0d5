"""Ports of the core, served by the product's own HTTP API through hitl.client."""
