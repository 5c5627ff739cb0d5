"""The decision path: from a request to a prediction, a route and a durable record."""
