"""How much of what lets people in one account may hold at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccountCaps:
    """Living ``keys``, open ``sessions``, and ``tickets`` issued within the time that a ticket is good for."""

    keys: int = 20
    sessions: int = 50
    tickets: int = 60
