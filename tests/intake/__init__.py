"""The intake: what leaves the store, and which ids are known."""
