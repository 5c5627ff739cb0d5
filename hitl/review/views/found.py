"""What a search over cases finds."""

from dataclasses import dataclass
from typing import Literal

from hitl.routing.route import Priority


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case that people have seen or will see, as it stands now. ``label`` is the outcome that stands, ``by`` who gave it:
    people's names, or ``model``. ``is_hidden``: the searcher may still answer it, so that neither the model's suggestion nor
    the outcome is told. Times are UTC seconds."""

    case_id: str
    review_id: str
    task: str
    queue: str
    status: Literal["waiting", "leased", "provisional", "decided", "quarantined", "withdrawn"]
    priority: Priority
    opened_at: float
    due_at: float
    segment: str
    prediction: str | None
    confidence: float | None
    label: str | None
    by: list[str]
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class FoundCases:
    """Cases of one shard, newest first. Everything down to ``until`` was looked at (its case included); None: everything."""

    cases: list[FoundCase]
    until: tuple[float, str] | None
