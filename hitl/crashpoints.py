"""Named points where a test can crash the process or raise an error; free of cost otherwise."""

from collections.abc import Callable

ARMED: dict[str, Callable[[], None]] = {}
"""What happens at each armed place, by its name."""


def crashpoint(name: str) -> None:
    """Do what ``name`` is armed with, if anything."""
    if ARMED and name in ARMED:
        ARMED[name]()
