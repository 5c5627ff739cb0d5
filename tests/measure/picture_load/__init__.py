"""Pictures through the running service under load: how many a second, what memory they cost, and what other tasks notice."""
