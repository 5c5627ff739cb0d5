"""Measurements, one module a section."""
