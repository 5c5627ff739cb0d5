"""Callers and their rights, from the token alone."""

from hitl.identity.principal import Principal, Role

__all__ = ["Principal", "Role"]
