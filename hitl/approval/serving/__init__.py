"""What steers a task beside its models: policy, certified thresholds, stops, shares. Each change is a serving generation."""
