"""The hot path: from a request to a routed, durably recorded case."""
