"""The review application as its attackers meet it."""

from tests.identity.conftest import people
from tests.review_app.conftest import world

__all__ = ["people", "world"]
