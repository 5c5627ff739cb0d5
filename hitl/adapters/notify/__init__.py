"""Senders of notifications: webhooks, e-mail and chat."""
