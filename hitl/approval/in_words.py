"""Say in plain English what a vote does, what silence means and until when, so that nobody has to read it out of fields."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from hitl.approval.options import APPROVE_OR_REJECT, option_of
from hitl.approval.rules import ANYBODY
from hitl.approval.state import Approval
from hitl.approval.stored import StoredOption
from hitl.approval.views.parts import InWords
from hitl.time_spans import largest_units

DOES = {"approve": "approves", "reject": "rejects"}
END = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
SHOWN_NAMES = 10
"""More people than this are counted, not listed."""


def in_words(approval: Approval) -> InWords:
    options = approval.options or APPROVE_OR_REJECT
    return InWords(
        options=[_said_of(option) for option in options],
        votes=_votes(approval),
        silence=_silence(approval, options),
        deadline=f"Votes count until {_moment(approval.expires_at)}, {_span(approval)} after the request.",
    )


def _said_of(option: StoredOption) -> str:
    advice = " The requester recommends it." if option.get("recommended") else ""
    return f"{_named(option)} {DOES[option['outcome']]} the request.{advice}"


def _named(option: StoredOption) -> str:
    """Return the label, and the value where it is another word."""
    label, value = str(option["label"]), str(option["value"])
    return f'"{label}"' if label.lower() == value.lower() else f'"{label}" ({value})'


def _silence(approval: Approval, options: Sequence[StoredOption]) -> str:
    default = approval.default
    option = None if default is None else option_of(options, default["option"])
    if default is None or option is None:
        return "If nobody decides in time, the request expires and nothing is approved."
    again = " The rules are looked at once more then." if option["outcome"] == "approve" else ""
    means = f"silence means {_named(option)}, which {DOES[option['outcome']]} it: {default['reason']}"
    return f"If nobody decides in time, {means}{again}"


def _votes(approval: Approval) -> str:
    parts = [f"It is approved by {_needed(approval)}", *_among(approval.policy["requires"])]
    return f"{', '.join(parts)}. {_ending(approval)} {_voters(approval)}"


def _needed(approval: Approval) -> str:
    rule, need = approval.policy["rule"], float(approval.policy["need"])
    if rule == "all":
        return "the votes of all who are asked"
    if rule == "majority":
        return f"more than half of the votes of those who are asked, which is {need:g} or more"
    if approval.policy["weights"]:
        return f"votes with the weight {need:g}"
    return f"{need:g} approving vote{'' if need == 1 else 's'}"


def _among(requires: Mapping[str, int]) -> list[str]:
    return [f"among them {number} of the group {group}" for group, number in requires.items()]


def _ending(approval: Approval) -> str:
    veto = approval.policy["veto"]
    if ANYBODY in veto:
        return "One rejection ends it."
    by_veto = f"A rejection by {_listed(veto)} ends it. " if veto else ""
    return by_veto + _ending_by_weight(approval, "Another" if veto else "A")


def _ending_by_weight(approval: Approval, which: str) -> str:
    """Nobody knows how many are left where every approver may vote: there rejections are counted as approvals are."""
    need = float(approval.policy["need"])
    if not approval.is_open:
        return f"{which} rejection ends it only when too few are left to approve it."
    if approval.policy["weights"]:
        return f"Rejections with the weight {need:g} end it."
    return "One rejection ends it." if need == 1 else f"{need:g} rejections end it."


def _voters(approval: Approval) -> str:
    who = "Every approver" if approval.is_open else _listed(approval.asked)
    barred = [approval.requested_by, *approval.policy["excluded"]]
    return f"{who} may vote, but not {_listed(barred)}."


def _listed(names: Sequence[str]) -> str:
    if len(names) > SHOWN_NAMES:
        return f"{len(names)} people"
    *most, last = names or ["nobody"]
    return f"{', '.join(most)} and {last}" if most else last


def _moment(at: float) -> str:
    """In UTC, since the reader's zone is not known here: "28 November 2026, 16:30 UTC"."""
    if not 0 <= at < END:
        return "a day that no calendar has"
    when = datetime.fromtimestamp(at, UTC)
    return f"{when.day} {when:%B %Y, %H:%M} UTC"


def _span(approval: Approval) -> str:
    """Return the whole time that people have, in its two largest units."""
    return " and ".join(largest_units(round(approval.expires_at - approval.requested_at))) or "at once"
