"""The client's view of a decision by people: what was decided and when, never by whom or in which words."""

from collections.abc import Mapping
from typing import Any

OF_THE_OUTCOME = ("label", "by", "confidence", "decided_at", "at", "agrees_with_model", "final_at")
OF_AN_EVENT = ("type", "at", "queue", "priority", "label", "from", "to", "purpose")
"""What is named here is shown; whatever else comes to stand in an event stays among colleagues."""


def for_client(said: Mapping[str, Any]) -> dict[str, Any]:
    """``said`` (a case's answer) without its people.

    >>> for_client({"outcome": {"label": "3", "by": "person", "reviewer": "ann", "comment": "blurred"}})
    {'outcome': {'label': '3', 'by': 'person'}}
    """
    shown = dict(said)
    if isinstance(said.get("outcome"), dict):
        shown["outcome"] = _outcome(said["outcome"])
    if "outcomes" in said:
        shown["outcomes"] = [_outcome(each) for each in said["outcomes"]]
    if "history" in said:
        shown["history"] = [_only(each, OF_AN_EVENT) for each in said["history"]]
    return shown


def _outcome(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {**_only(outcome, OF_THE_OUTCOME), "by": "model" if outcome.get("by") == "model" else "person"}


def _only(given: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}
