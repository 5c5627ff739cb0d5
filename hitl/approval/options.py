"""What a voter can choose: each option approves or rejects, by its value or in words."""

from typing import Any

from hitl.errors import InvalidInput

MAX_OPTIONS = 20
MAX_OPTION_TEXT = 200

REJECTING = frozenset({"reject", "deny", "no", "changes", "request_changes", "cancel", "stop", "block", "dont_publish"})
APPROVING = frozenset(
    {"approve", "execute", "compliant", "publish", "continue", "proceed", "yes", "deploy", "allow", "retry", "accept"}
)

APPROVE_OR_REJECT: list[dict[str, Any]] = [
    {"label": "Approve", "value": "approve", "recommended": False, "outcome": "approve"},
    {"label": "Reject", "value": "reject", "recommended": False, "outcome": "reject"},
]


def checked_options(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The options with every field; none given: approve and reject. Raises InvalidInput that names the place.

    >>> checked_options([{"label": "Execute", "value": "execute"}, {"label": "No", "value": "reject"}])[0]["outcome"]
    'approve'
    """
    if not options:
        return [dict(option) for option in APPROVE_OR_REJECT]
    if not 2 <= len(options) <= MAX_OPTIONS:
        raise InvalidInput("/options", f"2 to {MAX_OPTIONS} options, or none for approve and reject")
    checked = [_checked(option, f"/options/{at}") for at, option in enumerate(options)]
    if len({option["value"] for option in checked}) != len(checked):
        raise InvalidInput("/options", "each value once")
    if {option["outcome"] for option in checked} != {"approve", "reject"}:
        raise InvalidInput("/options", "at least one option that approves and one that rejects")
    if sum(option["recommended"] for option in checked) > 1:
        raise InvalidInput("/options", "at most one recommended option")
    return checked


def option_of(options: list[dict[str, Any]], value: str) -> dict[str, Any] | None:
    """The option with ``value``; where approve and reject are no options of their own, they mean the only one of that kind."""
    for option in options:
        if option["value"] == value:
            return option
    meant = [option for option in options if option["outcome"] == value]
    return meant[0] if len(meant) == 1 else None


def _checked(option: dict[str, Any], place: str) -> dict[str, Any]:
    value, label = option.get("value"), option.get("label", option.get("value"))
    for name, text in (("value", value), ("label", label)):
        if not isinstance(text, str) or not text.strip() or len(text) > MAX_OPTION_TEXT:
            raise InvalidInput(f"{place}/{name}", f"a text of at most {MAX_OPTION_TEXT} characters")
    outcome = option.get("outcome") or _outcome(str(value))
    if outcome not in ("approve", "reject"):
        raise InvalidInput(f"{place}/outcome", "approve or reject: the value does not say it")
    return {"label": label, "value": value, "recommended": option.get("recommended") is True, "outcome": outcome}


def _outcome(value: str) -> str | None:
    if value.lower() in REJECTING:
        return "reject"
    return "approve" if value.lower() in APPROVING else None
