"""The root of all errors that a caller can react to."""


class HitlError(Exception):
    """Base of everything this product raises on purpose."""
