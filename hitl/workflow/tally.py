"""What votes amount to: one rule a way of deciding together, as functions of who may vote and who voted what."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hitl.errors import InvalidInput
from hitl.workflow.views import VoteTally

Votes = Mapping[str, str]
"""The option by who voted for it; a later vote of the same person has replaced the earlier one."""


def find_winner(rule: str, votes: Votes, electors: Sequence[str]) -> str | None:
    """Find the option that has won under ``rule``, one of RULES; None while the vote is open.

    >>> find_winner("majority", {"ann": "approve", "bob": "approve"}, ["ann", "bob", "cid"])
    'approve'
    """
    return RULES[rule](votes, electors)


def tally(rule: str, options: Sequence[str], votes: Votes, electors: Sequence[str]) -> VoteTally:
    """The live count."""
    counts = Counter(votes.values())
    missing = [elector for elector in electors if elector not in votes]
    leader = find_winner(rule, votes, electors)
    return VoteTally(rule, {option: counts[option] for option in options}, missing, leader)


def check_rule(rule: Any, allowed: Sequence[str], place: str) -> str:
    if rule not in allowed:
        raise InvalidInput(place, f"one of {', '.join(allowed)}")
    return str(rule)


def _consensus(votes: Votes, electors: Sequence[str]) -> str | None:
    """All agree. While they do not, votes may change, and the deadline ends it."""
    chosen = set(votes.values())
    return chosen.pop() if len(votes) == len(electors) and len(chosen) == 1 else None


def _majority(votes: Votes, electors: Sequence[str]) -> str | None:
    """More than half of all who may vote."""
    return next((option for option, count in Counter(votes.values()).items() if 2 * count > len(electors)), None)


def _vote(votes: Votes, electors: Sequence[str]) -> str | None:
    """More than half of all, or the most votes once everybody voted; a tie stays open."""
    counts = Counter(votes.values()).most_common(2)
    if len(votes) == len(electors) and (len(counts) == 1 or counts[0][1] > counts[1][1]):
        return counts[0][0]
    return _majority(votes, electors)


def _all(votes: Votes, electors: Sequence[str]) -> str | None:
    """One rejection is enough against it."""
    return _needing(len(electors), votes, electors)


def _more_than_half(votes: Votes, electors: Sequence[str]) -> str | None:
    return _needing(len(electors) // 2 + 1, votes, electors)


def _any(votes: Votes, electors: Sequence[str]) -> str | None:
    return _needing(1, votes, electors)


def _needing(need: int, votes: Votes, electors: Sequence[str]) -> str | None:
    """``approve`` with ``need`` approvals, ``reject`` as soon as so many can no longer come."""
    counts = Counter(votes.values())
    if counts["approve"] >= need:
        return "approve"
    return "reject" if len(electors) - counts["reject"] < need else None


TOGETHER = ("consensus", "vote", "majority")
"""How a collaborative decision may be made."""

APPROVALS = {"all": "approval_all", "majority": "approval_majority", "any": "approval_any"}
"""The rule by the ``approval_type`` of the documents."""

RULES: dict[str, Callable[[Votes, Sequence[str]], str | None]] = {
    "consensus": _consensus,
    "vote": _vote,
    "majority": _majority,
    "approval_all": _all,
    "approval_majority": _more_than_half,
    "approval_any": _any,
}
