"""How many open objects each account holds: counted by evolve, bounded by decide."""

from collections.abc import Mapping

from hitl.errors import TooManyRequests

RETRY_AFTER_S = 60
"""Somebody has to close one first."""


def note_holder(open_by: dict[str, int], before: str | None, after: str | None) -> None:
    """An object went from the hands of ``before`` to those of ``after``, None: it is not open.

    >>> count = {"ann": 1}
    >>> note_holder(count, "ann", None)
    >>> note_holder(count, None, "bob")
    >>> count
    {'bob': 1}
    """
    if before == after:
        return
    if after is not None:
        open_by[after] = open_by.get(after, 0) + 1
    if before is not None and open_by.get(before, 0) > 1:
        open_by[before] -= 1
    elif before is not None:
        open_by.pop(before, None)


def require_room(open_by: Mapping[str, int], account: str, most: int | None, what: str) -> None:
    """Raises TooManyRequests, which names the limit, when ``account`` holds ``most``; None: any number may be held."""
    if most is not None and open_by.get(account, 0) >= most:
        raise TooManyRequests(account, f"{most} open {what} of one account", RETRY_AFTER_S)
