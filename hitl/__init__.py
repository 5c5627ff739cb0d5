"""ray-hitl: decisions by a model where it can be trusted, by people where it cannot."""

__version__ = "0.1.0"
