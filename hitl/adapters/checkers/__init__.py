"""Static checkers that run in processes of their own."""
