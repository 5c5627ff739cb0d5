"""What a person chooses of the console itself. It changes nothing that the service decides."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Tour: TypeAlias = Literal["taken", "skipped"]
Theme: TypeAlias = Literal["auto", "light", "dark"]
Language: TypeAlias = Literal["en", "de"]
Density: TypeAlias = Literal["comfortable", "compact"]


MOST_VIEWS = 30
"""Saved views of an account: each change of one is an entry of the journal that holds all of them."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A search of cases under the name that its person gave it. ``query`` is that of its address."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person wants the console, on every machine; None: they have not chosen. ``tour`` says whether they took the first-run
    tour or declined it; ``views`` are the searches that they saved, in their own order."""

    tour: Tour | None = None
    theme: Theme | None = None
    language: Language | None = None
    density: Density | None = None
    views: list[SavedView] | None = None
