"""What a voter can choose: each option approves or rejects, by its value or in words."""

from collections.abc import Sequence

from hitl.approval.stored import StoredOption, WantedOption
from hitl.approval.wording import outcome_of_value, outcome_said, plain_value
from hitl.checks.hidden_signs import turns
from hitl.errors import InvalidInput

MAX_OPTIONS = 20
MAX_OPTION_TEXT = 200
AS_WRITTEN = "a text without marks that turn its direction: it would be shown in another order than it is written in"

APPROVE_OR_REJECT: list[StoredOption] = [
    {"label": "Approve", "value": "approve", "recommended": False, "outcome": "approve"},
    {"label": "Reject", "value": "reject", "recommended": False, "outcome": "reject"},
]


def checked_options(options: list[WantedOption]) -> list[StoredOption]:
    """Return the options with every field; none given: approve and reject. Raises InvalidInput that names the place.

    >>> checked_options([{"label": "Execute", "value": "execute"}, {"label": "No", "value": "reject"}])[0]["outcome"]
    'approve'
    """
    if not options:
        return [option.copy() for option in APPROVE_OR_REJECT]
    if not 2 <= len(options) <= MAX_OPTIONS:
        raise InvalidInput("/options", f"2 to {MAX_OPTIONS} options, or none for approve and reject")
    checked = [_checked(option, f"/options/{at}") for at, option in enumerate(options)]
    for name, texts in (("value", [each["value"] for each in checked]), ("label", [each["label"] for each in checked])):
        if len(set(map(plain_value, texts))) != len(checked):
            raise InvalidInput("/options", f"each {name} once")
    if {option["outcome"] for option in checked} != {"approve", "reject"}:
        raise InvalidInput("/options", "at least one option that approves and one that rejects")
    if sum(option["recommended"] for option in checked) > 1:
        raise InvalidInput("/options", "at most one recommended option")
    return checked


def option_of(options: Sequence[StoredOption], value: str) -> StoredOption | None:
    """Return the option with exactly this value; no word stands for another option."""
    return next((option for option in options if option["value"] == value), None)


def contradiction_in(option: StoredOption) -> str | None:
    """Return which of ``value`` and ``label`` says the opposite of the outcome; None: neither.

    >>> contradiction_in({"value": "a", "label": "Reject", "outcome": "approve", "recommended": False})
    'label'
    """
    said = {"value": option["value"], "label": option["label"]}
    return next((name for name, text in said.items() if outcome_said(str(text)) not in (option["outcome"], None)), None)


def _checked(option: WantedOption, place: str) -> StoredOption:
    value, label = option.get("value"), option.get("label", option.get("value"))
    for name, text in (("value", value), ("label", label)):
        if not isinstance(text, str) or not text.strip() or len(text) > MAX_OPTION_TEXT:
            raise InvalidInput(f"{place}/{name}", f"a text of at most {MAX_OPTION_TEXT} characters")
        if turns(text):
            raise InvalidInput(f"{place}/{name}", AS_WRITTEN)
    outcome = option.get("outcome") or outcome_of_value(str(value))
    if outcome not in ("approve", "reject"):
        raise InvalidInput(f"{place}/outcome", "approve or reject: the value does not say it")
    is_recommended = option.get("recommended") is True
    checked: StoredOption = {"label": str(label), "value": str(value), "recommended": is_recommended, "outcome": outcome}
    if (contradicting := contradiction_in(checked)) is not None:
        raise InvalidInput(f"{place}/{contradicting}", f"words that do not say the opposite of its outcome, {outcome}")
    return checked
