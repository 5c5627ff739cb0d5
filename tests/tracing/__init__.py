"""Traces across the service."""
