"""The parts of an approval as a reader sees them. Times are UTC seconds."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ApprovalOption:
    """An option that a voter can choose: ``outcome`` is what a vote for ``value`` does."""

    label: str
    value: str
    recommended: bool
    outcome: Literal["approve", "reject"]


@dataclass(frozen=True, slots=True)
class SilentDefault:
    """The option that holds at the deadline, and why, in words."""

    option: str
    reason: str


@dataclass(frozen=True, slots=True)
class InWords:
    """What a vote does, in plain English: ``options`` a sentence for each option, ``votes`` who votes and when it is approved,
    ``silence`` what holds when nobody decides, ``deadline`` until when votes count."""

    options: list[str]
    votes: str
    silence: str
    deadline: str


@dataclass(frozen=True, slots=True)
class VotingPolicy:
    """How votes count. ``need`` is the weight that approves; ``requires`` the votes of each group that must be among them.

    ``groups`` lists people by group, ``weights`` those whose vote does not weigh 1. ``veto`` names people and groups whose one
    rejection ends it (``*``: everybody's); ``excluded`` may not vote."""

    rule: str
    need: int | float
    requires: dict[str, int]
    groups: dict[str, list[str]]
    weights: dict[str, float]
    veto: list[str]
    excluded: list[str]


@dataclass(frozen=True, slots=True)
class ScheduledReminder:
    """At ``at`` everybody who has not voted is reminded."""

    do: Literal["remind"]
    at: float


@dataclass(frozen=True, slots=True)
class ScheduledEscalation:
    """At ``at`` the people in ``ask``, the members of ``groups``, may vote too, by the configured ``rule``."""

    do: Literal["escalate"]
    at: float
    rule: str
    groups: list[str]
    ask: list[str]


@dataclass(frozen=True, slots=True)
class RejectionTelling:
    """The people in ``tell``, the members of ``groups``, hear of a rejection, by the configured ``rule``."""

    rule: str
    groups: list[str]
    tell: list[str]


@dataclass(frozen=True, slots=True)
class Tally:
    """What the votes add up to now. ``need`` is the weight that approves, ``by_option`` the weight of each option.

    ``leading`` is the option that leads, ``missing`` the votes that groups have yet to give, ``waiting_for`` who is asked by
    name and has not voted."""

    rule: str
    need: int | float
    by_option: dict[str, float]
    leading: str | None
    missing: dict[str, int]
    waiting_for: list[str]
    votes: int
