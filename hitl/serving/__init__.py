"""What serves a task: policies, certified thresholds, shares, stops, prices and shadows. Each change is a serving generation."""
