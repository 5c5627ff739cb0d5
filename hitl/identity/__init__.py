"""Who is calling, and what they may do: from the token alone."""

from hitl.identity.principal import Principal, Role

__all__ = ["Principal", "Role"]
