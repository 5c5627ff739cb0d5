"""Programs of the other sides: run by the Python of an environment that has their package, never imported."""
