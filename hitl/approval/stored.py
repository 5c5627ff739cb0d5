"""The parts of a request as its journal entry and the state keep them: typed objects of plain JSON. Times are UTC seconds.

hitl.approval.views.parts has the same parts as readers see them.
"""

from typing import Literal, NotRequired

from typing_extensions import TypedDict


class StoredOption(TypedDict):
    """An option that a voter can choose: ``outcome``, approve or reject, is what a vote for ``value`` does."""

    label: str
    value: str
    recommended: bool
    outcome: str


class StoredDefault(TypedDict):
    """The value of the option that holds at the deadline, and why, in words."""

    option: str
    reason: str


class StoredPolicy(TypedDict):
    """How votes count: ``need`` is the weight that approves, ``requires`` and ``groups`` are group -> number, people."""

    rule: str
    need: int | float
    requires: dict[str, int]
    groups: dict[str, list[str]]
    weights: dict[str, int | float]
    veto: list[str]
    excluded: list[str]


class StoredStep(TypedDict):
    """A reminder at ``at``, or an escalation, which says by which ``rule`` the people in ``ask``, members of ``groups``, may
    vote too."""

    do: Literal["remind", "escalate"]
    at: float
    rule: NotRequired[str]
    groups: NotRequired[list[str]]
    ask: NotRequired[list[str]]


class StoredTelling(TypedDict):
    """The people in ``tell``, members of ``groups``, hear of a rejection, by the configured ``rule``."""

    rule: str
    groups: list[str]
    tell: list[str]


class WantedPolicy(TypedDict, total=False):
    """What a request may say of how votes count, where the configuration leaves it open."""

    rule: str
    k: int
    approvers: list[str]
    groups: list[str]
    requires: dict[str, int]
    weights: dict[str, float]
    veto: list[str]
    excluded: list[str]


class WantedOption(TypedDict):
    """An option as a request names it: without an ``outcome``, its value says by itself whether it approves."""

    value: str
    label: NotRequired[str]
    recommended: NotRequired[bool]
    outcome: NotRequired[str | None]
