"""Answers of the routes of sealed cases."""

from dataclasses import dataclass
from typing import Any

from hitl.access.views import RevealNote
from hitl.canonical import JsonObject


@dataclass(frozen=True, slots=True)
class RevealedCase:
    """The whole input of a case in clear, as its client sent it."""

    case_id: str
    features: Any
    metadata: JsonObject


@dataclass(frozen=True, slots=True)
class CaseReveals:
    """Everybody who was shown the whole input of the case, oldest first."""

    case_id: str
    reveals: list[RevealNote]
