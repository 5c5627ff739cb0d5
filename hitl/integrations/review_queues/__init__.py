"""MLflow's review queues both ways: its items become cases here, and reviews of ours are answered there."""
