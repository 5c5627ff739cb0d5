"""What every request passes before a route sees it: who asks, how often, and what the bytes say."""
