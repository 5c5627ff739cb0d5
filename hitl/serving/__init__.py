"""What serves a task: policies, thresholds, shares, stops, prices, shadows. Each change is a serving generation."""
