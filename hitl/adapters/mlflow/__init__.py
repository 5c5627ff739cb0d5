"""MLflow: the registry, runs, traces, prompts and assessments."""
