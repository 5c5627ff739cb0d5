"""Error rates of decisions with their uncertainty, and what the model may therefore decide alone."""
