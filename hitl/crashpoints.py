"""Places where a test may let the process die, or an error rise. Unarmed, as always but in tests, each costs a look at a dict."""

from collections.abc import Callable

ARMED: dict[str, Callable[[], None]] = {}
"""What happens at each armed place, by its name."""


def crashpoint(name: str) -> None:
    """Do what ``name`` is armed with, if anything."""
    if ARMED and name in ARMED:
        ARMED[name]()
