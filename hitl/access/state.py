"""The state of accounts, keys and sealed values. Only evolve changes it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class AccessState:
    """``erasures`` by case, ``reveals`` by case or approval, ``accounts`` and ``keys`` by id, ``sessions`` by account: how
    often and when last somebody signed in; ``restores`` are the backups that were put back."""

    erasures: dict[str, dict[str, Any]] = field(default_factory=dict)
    erased_seals: dict[str, dict[str, Any]] = field(default_factory=dict)
    reveals: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    restores: list[dict[str, Any]] = field(default_factory=list)
