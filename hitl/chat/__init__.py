"""Votes from outside the service: signed links, and what Slack and Teams send. Pure."""
