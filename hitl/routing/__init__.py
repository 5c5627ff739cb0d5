"""From a prediction to a route: who decides this case, and why."""
