"""The review application over memory."""

from tests.review_app.conftest import world

__all__ = ["world"]
