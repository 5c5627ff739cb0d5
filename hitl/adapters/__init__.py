"""Adapters: all I/O with Valkey, Ray, MLflow, files and notification channels, behind the core's ports."""
