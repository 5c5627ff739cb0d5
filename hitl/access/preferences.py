"""What a person chooses of the console itself. It changes nothing that the service decides."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Tour: TypeAlias = Literal["taken", "skipped"]
Theme: TypeAlias = Literal["auto", "light", "dark"]
Language: TypeAlias = Literal["en", "de"]
Density: TypeAlias = Literal["comfortable", "compact"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person wants the console, on every machine; None: they have not chosen. ``tour`` says whether they took the first-run
    tour or declined it."""

    tour: Tour | None = None
    theme: Theme | None = None
    language: Language | None = None
    density: Density | None = None
