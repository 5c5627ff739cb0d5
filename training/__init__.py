"""The shell of the Ray jobs that learn: freeze data, tune, train, evaluate, ask for approval."""
