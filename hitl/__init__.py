"""ray-hitl: models decide cases where they can be trusted, people decide the rest."""

__version__ = "0.1.0"
