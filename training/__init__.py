"""The Ray jobs of learning: freeze data, tune, train, evaluate, ask for approval."""
