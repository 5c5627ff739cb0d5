"""The bodies that routes read: nothing is coerced, nothing unknown is taken."""
