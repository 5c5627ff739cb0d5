"""Who is asked for which kind, how they vote, and when others are asked: ``configs/approvals.yaml``.

Read when deciding, never when replaying: what holds for a request is stored with it.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from hitl.approval.kinds import ApprovalKind, Urgency
from hitl.approval.sealable import why_in_the_open
from hitl.approval.stored import StoredTelling

LETTER, MAX_PERSON = r"[\w.@:+-]", 128
PERSON = re.compile(rf"{LETTER}{{1,{MAX_PERSON}}}")
"""A person's id. Below, the length stands beside the pattern: with both in one, pydantic's engine takes 12 MiB a pattern."""

ANYBODY = "*"
"""In a group: every approver. As a veto: everybody who may vote has it."""

Person = Annotated[str, Field(max_length=MAX_PERSON, pattern=f"^{LETTER}+$")]
Member = Annotated[str, Field(max_length=MAX_PERSON, pattern=rf"^(\*|{LETTER}+)$")]
Share = Annotated[float, Field(gt=0, lt=1)]
Seconds = Annotated[float, Field(gt=0, le=31_622_400)]
Shortest = Annotated[float, Field(ge=0, le=86_400)]
VotingRule = Literal["any", "all", "majority", "k_of_n"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class KindRules(_Strict):
    """``ask``: the groups whose members may vote; none: every approver. ``requires``: how many approving votes of a group there
    must be among them, each by another person. ``veto``: groups or people whose one rejection ends it (``*``: everybody).
    ``is_fixed``: a request changes nothing of this. ``sensitive``: keys of context and metadata that are
    always sealed."""

    ask: list[str] = []
    rule: VotingRule = "any"
    k: Annotated[int, Field(ge=1, le=100)] = 1
    requires: dict[str, Annotated[int, Field(ge=1, le=100)]] = {}
    veto: list[str] = [ANYBODY]
    is_fixed: bool = False
    sensitive: list[Annotated[str, Field(min_length=1, max_length=128)]] = []


class LaterStep(_Strict):
    """``after``: the share of the timeout that has passed without a decision; then ``ask`` may vote too."""

    rule: str
    after: Share
    ask: Annotated[list[str], Field(min_length=1)]


class Told(_Strict):
    """The groups that hear of it; they decide nothing."""

    rule: str
    tell: Annotated[list[str], Field(min_length=1)]


class Required(_Strict):
    """Groups that must approve too, with one vote each."""

    rule: str
    require: Annotated[list[str], Field(min_length=1)]


class ApprovalRules(_Strict):
    """``groups``: group -> people; ``["*"]`` stands for every approver, and a group that lists nobody for nobody.
    ``remind_at``: shares of the timeout. ``shortest_timeout_s``: what a person needs at least to see and judge a request."""

    groups: dict[str, list[Member]] = {}
    kinds: dict[ApprovalKind, KindRules] = {}
    timeouts_s: dict[Urgency, Seconds] = {}
    shortest_timeout_s: Shortest = 60.0
    remind_at: list[Share] = []
    on_timeout: list[LaterStep] = []
    on_rejection: Told | None = None
    on_high_risk: Required | None = None

    @model_validator(mode="after")
    def _groups_exist(self) -> Self:
        unknown = self._named() - self.groups.keys()
        if unknown:
            raise ValueError(f"not under groups: {', '.join(sorted(unknown))}")
        return self

    @field_validator("groups")
    @classmethod
    def _everybody_is_alone(cls, groups: dict[str, list[Member]]) -> dict[str, list[Member]]:
        mixed = [name for name, people in groups.items() if ANYBODY in people and len(people) > 1]
        if mixed:
            raise ValueError(f"names beside {ANYBODY}, which stands for every approver: {', '.join(sorted(mixed))}")
        return groups

    @model_validator(mode="after")
    def _kinds_hide_nothing(self) -> Self:
        for kind, rules in self.kinds.items():
            if (found := why_in_the_open(kind, rules.sensitive)) is not None:
                raise ValueError(f"kinds.{kind}.sensitive: {found[0]} cannot be sealed: {found[1]}")
        return self

    @model_validator(mode="after")
    def _timeouts_are_long_enough(self) -> Self:
        short = [urgency for urgency, seconds in self.timeouts_s.items() if seconds < self.shortest_timeout_s]
        if short:
            raise ValueError(f"timeouts_s below shortest_timeout_s: {', '.join(sorted(short))}")
        return self

    def of(self, kind: str) -> KindRules:
        return self.kinds.get(ApprovalKind(kind), KindRules())

    def people(self, groups: Iterable[str]) -> list[str]:
        """Everybody whom ``groups`` name, each once."""
        return list(dict.fromkeys(name for group in groups for name in self.groups[group] if name != ANYBODY))

    def told_of_rejections(self) -> StoredTelling | None:
        told = self.on_rejection
        return {"rule": told.rule, "groups": list(told.tell), "tell": self.people(told.tell)} if told else None

    def timeout_s(self, urgency: str) -> float:
        return self.timeouts_s.get(Urgency(urgency), DEFAULT_TIMEOUTS_S[Urgency(urgency)])

    def _named(self) -> set[str]:
        named = {name for kind in self.kinds.values() for name in (*kind.ask, *kind.requires)}
        named |= {name for step in self.on_timeout for name in step.ask}
        named |= set(self.on_rejection.tell) if self.on_rejection else set()
        return named | (set(self.on_high_risk.require) if self.on_high_risk else set())


DEFAULT_TIMEOUTS_S: dict[Urgency, float] = {
    Urgency.CRITICAL: 600.0,
    Urgency.HIGH: 1_800.0,
    Urgency.MEDIUM: 3_600.0,
    Urgency.LOW: 86_400.0,
}
"""The more pressing, the sooner somebody must say something."""
