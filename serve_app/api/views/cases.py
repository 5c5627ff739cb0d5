"""Answers of the search over cases."""

from dataclasses import dataclass

from hitl.review.views import FoundCase


@dataclass(frozen=True, slots=True)
class CasePage:
    """Cases, newest first; ``next`` is the cursor of the page behind this one, None where there is none."""

    cases: list[FoundCase]
    next: str | None
