"""The review application as its attackers meet it."""

from tests.review_app.conftest import world

__all__ = ["world"]
