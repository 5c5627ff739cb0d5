"""Declare a setting: environment names, default, bounds and meaning in one place."""

from typing import TypeVar

from pydantic import AliasChoices, Field

T = TypeVar("T")


def setting(
    name: str,
    default: T,
    meaning: str,
    *other_names: str,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
) -> T:
    """Return a field of a settings class. The environment sets it as ``HITL_<name>`` or as one of ``other_names``.

    ``meaning`` goes to ``.env.example`` and ``docs/settings.md``; ``ge``, ``gt`` and ``le`` bound a number.
    """
    names = AliasChoices(f"HITL_{name}", *other_names)
    return Field(default, validation_alias=names, description=meaning, ge=ge, gt=gt, le=le)
