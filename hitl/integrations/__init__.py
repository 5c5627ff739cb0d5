"""Adapters to what programs already use. They stand on the client alone, so that a program need not install the service."""

from hitl.integrations.require_approval import NotApproved, require_approval

__all__ = ["NotApproved", "require_approval"]
