"""From a prediction to a route: who decides a case, and why."""
