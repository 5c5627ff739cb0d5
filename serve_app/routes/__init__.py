"""Routes, one module a family; each makes a router from what it needs."""
