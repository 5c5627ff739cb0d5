"""What routes answer with where no single domain owns the answer: one module for each group of routes."""
