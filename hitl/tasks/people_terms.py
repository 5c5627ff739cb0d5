"""Terms of reviews and approvals: leases, overlap, deadlines, quorums, canaries."""

from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, model_validator

from hitl.routing.policy import Probability
from hitl.tasks.strict import Name, Strict

MAX_LEASE_S = 86_400.0
"""Of a task's leases, and of those that its claims may ask for."""


class Consensus(Strict):
    """Ask one more person until the label's posterior reaches ``target``; after ``max_answers`` an expert decides. The posterior
    takes all items as equally hard (``difficulty: equal``), or learns from those that experts confirm how many are hard
    (``by_item``). ``first`` answers ``anybody``, or who is likely to be right about what the model takes the case for
    (``likely_right``); never a blind check."""

    target: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    max_answers: Annotated[int, Field(ge=1, le=25)] = 5
    difficulty: Literal["equal", "by_item"] = "equal"
    first: Literal["anybody", "likely_right"] = "anybody"


class KnownItems(Strict):
    """Cases whose answer is known come back with the probability ``share`` beside each review that is opened, for people who have
    not answered them. They are blind, but for the share ``suggested`` of them, which show an answer as the model's: with the
    probability ``wrong`` a wrong one."""

    share: Annotated[float, Field(gt=0, le=0.2)]
    suggested: Probability = 0.0
    wrong: Probability = 0.5


class ReviewTerms(Strict):
    """Terms of reviews.

    ``lease_s`` is how long a claim holds without a heartbeat; ``timeout_hours`` when an unanswered review is overdue (None: the
    service's REVIEW_TIMEOUT_HOURS, 24), and after ``warn_share`` of that time it is due soon. ``overlap`` independent answers
    settle a review by majority (``check_overlap`` a blind check; None: as many), or ``consensus`` says when they do; ``blind``
    hides the model's suggestion and others' answers until one has answered. An expert confirms ``expert_validation`` of the
    other people's decisions before they count (1: all). For ``undo_s`` seconds a decision is provisional and can be undone.
    ``skills`` names the skill that a segment's reviews need (``"*"``: every other segment's). A claim may ask for a lease of
    at most ``max_lease_s`` (or ``lease_s``, where that is longer), and one person may hold ``capacity`` leases (None: any
    number). After ``quarantine_after`` failures that clients report, a review is taken out of
    its queue. ``known`` says how people are tested; at most the share ``second_looks`` of the labels is opened again because the
    model found them improbable. ``random_answers`` says who answers a blind check: one person; two, and an expert where they
    differ; or one, and an expert where that one differs from the model (None: as ``check_overlap`` says). ``lazy_answers`` to
    checks, given without looking, count as evidence, or are ``left_out``, so that the check waits for somebody else.
    ``order``: reviews of one priority are handed out by ``age``, or by ``hybrid`` first those whose answers teach the model
    the most. Then an ordinary review is overtaken only by those opened within ``overtaken_share`` of its deadline after it, and a
    blind check by nothing opened after it.
    """

    lease_s: Annotated[float, Field(gt=0, le=MAX_LEASE_S)] = 120.0
    timeout_hours: Annotated[float, Field(gt=0, le=8760)] | None = None
    warn_share: Annotated[float, Field(gt=0, lt=1)] = 0.8
    overlap: Annotated[int, Field(ge=1, le=25)] = 1
    check_overlap: Annotated[int, Field(ge=1, le=25)] | None = None
    blind: bool = False
    consensus: Consensus | None = None
    expert_validation: Probability = 0.0
    undo_s: Annotated[float, Field(ge=0, le=86400)] = 0.0
    skills: dict[str, Name] = {}
    max_lease_s: Annotated[float, Field(gt=0, le=MAX_LEASE_S)] = 3600.0
    capacity: Annotated[int, Field(ge=1, le=1000)] | None = 100
    quarantine_after: Annotated[int, Field(ge=1, le=100)] = 3
    known: KnownItems | None = None
    second_looks: Annotated[float, Field(gt=0, le=0.2)] | None = None
    random_answers: Annotated[
        Literal["one", "two_and_expert", "one_and_expert_where_it_differs"] | None,
        Field(validation_alias=AliasChoices("random_answers", "gold_answers")),
    ] = None
    lazy_answers: Literal["count", "left_out"] = "count"
    order: Literal["age", "hybrid"] = "age"
    overtaken_share: Annotated[float, Field(gt=0, lt=1)] = 0.5

    @property
    def longest_lease_s(self) -> float:
        """What a claim may ask for."""
        return max(self.lease_s, self.max_lease_s)

    @model_validator(mode="after")
    def _nothing_is_overtaken_until_it_is_due(self) -> Self:
        if self.order == "hybrid" and self.overtaken_share > self.warn_share:
            raise ValueError("overtaken_share: at most warn_share, so that no review is overtaken once it is due soon")
        return self

    @model_validator(mode="after")
    def _single_answers_can_be_corrected(self) -> Self:
        if self.random_answers == "one_and_expert_where_it_differs" and not self.expert_validation:
            raise ValueError("random_answers: it wants expert_validation above 0, which tells how often people confirm errors")
        return self

    @model_validator(mode="after")
    def _difficulty_can_be_learned(self) -> Self:
        if self.consensus is not None and self.consensus.difficulty == "by_item" and not self.expert_validation:
            raise ValueError("consensus.difficulty: by_item wants expert_validation above 0, which tells how many items are hard")
        return self

    @model_validator(mode="after")
    def _suggestions_can_be_shown(self) -> Self:
        if self.blind and self.known is not None and self.known.suggested > 0:
            raise ValueError("known.suggested: a blind task shows no suggestion")
        return self


class CanaryTerms(Strict):
    """An approved challenger decides growing shares of the cases. It goes one of ``steps`` on once it was given ``min_cases``,
    ``min_minutes`` have passed, ``min_answers`` of its random sample are answered, and nothing speaks against it; to all cases
    once answers show that it errs less than ``worst_ratio`` times as often as the champion. It goes at once when its predictions
    fail or err more often than the champion's, or take ``max_slowdown`` times as long; and when blind checks say that more than
    ``level`` of its automatic decisions are wrong (where the policy states a risk level, that one counts)."""

    steps: Annotated[list[Annotated[float, Field(gt=0, le=1)]], Field(min_length=1, max_length=20)] = [0.05, 0.25, 1.0]
    min_cases: Annotated[int, Field(ge=1)] = 200
    min_minutes: Annotated[float, Field(ge=0)] = 30.0
    max_slowdown: Annotated[float, Field(gt=1)] = 3.0
    level: Annotated[float, Field(gt=0, lt=1)] = 0.05
    min_answers: Annotated[int, Field(ge=1)] = 20
    worst_ratio: Annotated[float, Field(gt=1)] = 3.0

    @model_validator(mode="after")
    def _steps_lead_to_all(self) -> Self:
        if self.steps != sorted(set(self.steps)) or self.steps[-1] != 1.0:
            raise ValueError("steps: shares that rise up to 1.0")
        return self


class ApprovalTerms(Strict):
    """``quorum`` approving votes deploy a candidate; one rejection ends it; undecided after ``expires_hours`` it expires.
    ``canary`` says how an approved challenger takes over from the champion; None: all at once. A task's first model serves all
    at once either way. ``takes_over``: where the champion has earned automation under a risk level, or is about to, an approved
    challenger waits until it has earned nearly as much on the vault (``when_certified``), or it does not (``at_once``). The
    newest candidate that waits for its votes or its turn watches the share ``shadow`` of the cases, after they were answered;
    None: it watches nothing."""

    quorum: Annotated[int, Field(ge=1, le=100)] = 2
    expires_hours: Annotated[float, Field(gt=0, le=8760)] = 168.0
    canary: CanaryTerms | None = None
    takes_over: Literal["when_certified", "at_once"] = "when_certified"
    shadow: Annotated[float, Field(gt=0, le=1)] | None = None
