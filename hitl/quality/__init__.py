"""How often decisions are wrong, how sure that is, and what may therefore be left to the model."""
