"""A task's policy: thresholds, rules, sampling and costs as data. Its digest is its version."""

import json
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, model_validator

from hitl.canonical import fingerprint
from hitl.errors import InvalidConfig

WHOLE = "all"
"""The segment of every case where a policy names none."""

OTHER = "other"
"""The segment of a case that none of the named ones takes."""

UNKNOWN = "unknown"
"""The segment of a case whose expression failed: never automatic."""

BETWEEN = "/"
"""Between the parts of a segment's name: ``large/approve``."""

MAX_RULES = 50
MAX_EXPRESSION = 1_000

Probability = Annotated[float, Field(ge=0, le=1)]
Open = Annotated[float, Field(gt=0, lt=1)]
Dollars = Annotated[float, Field(ge=0, le=1e9)]
SegmentName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Expression = Annotated[str, Field(min_length=1, max_length=MAX_EXPRESSION)]
UncertaintyName = Literal["entropy", "margin", "least_confident"]
Effect = Literal["high_risk", "compliance", "expert", "review", "priority"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Bands(_Strict):
    """Above ``automatic`` the model decides, if the task's risk is uncertified; above ``normal`` a reviewer at normal
    priority; above ``high`` a reviewer at high priority; else an expert, urgently. ``automatic >= normal >= high``."""

    automatic: Probability = 0.95
    normal: Probability = 0.8
    high: Probability = 0.5

    @model_validator(mode="after")
    def _are_in_order(self) -> Self:
        if not self.automatic >= self.normal >= self.high:
            raise ValueError("expected automatic >= normal >= high")
        return self


class MoneyTerms(_Strict):
    """Automatic decisions may cost at most ``per_decision`` dollars in the mean. A case whose error could cost more than ``most``
    is never automatic."""

    per_decision: Annotated[float, Field(gt=0, le=1e9)]
    most: Annotated[float, Field(gt=0, le=1e9)]

    @model_validator(mode="after")
    def _can_be_exceeded(self) -> Self:
        if self.per_decision >= self.most:
            raise ValueError("expected per_decision < most")
        return self


class RiskTerms(_Strict):
    """Among automatic decisions at most the share ``level`` may be wrong, with probability ``confidence``."""

    level: Open
    confidence: Open = 0.9


class Risk(RiskTerms):
    """``segments`` may have levels of their own, by a segment's whole name or one part of it. A check of an automatic decision
    that nobody has answered after ``maturity_hours`` counts as wrong for the alarm; 0 stands for 48 hours. Certificates count
    every case that waits as wrong from the start. ``family``: the certificate of ``each`` segment holds by itself with its
    confidence, or those of ``all`` segments hold together (family-wise). ``money``: a threshold must also keep what its errors
    cost below a level; what they cost stands in the policy's ``costs``. ``anchoring``: where people judge a content that they
    see, the bound on how often they confirm a wrong verdict is ``measured`` on known answers, and nothing is certified without
    them; ``ignored`` says in words that people are taken to see every error."""

    segments: dict[str, RiskTerms] = {}
    family: Literal["each", "all"] = "each"
    money: MoneyTerms | None = None
    anchoring: Literal["measured", "ignored"] = "measured"
    maturity_hours: Annotated[float, Field(ge=0, le=8760)] = 0.0


class Sampling(_Strict):
    """The shares that people check blind: ``random`` of all traffic (files and policies of before say ``gold``), ``audit`` of the
    automatic decisions. With a risk level, and while nothing is certified for a segment, people decide all of its cases anyway:
    then the share ``cold`` of them is in the random sample, by default every one, so that no answer is lost as evidence."""

    random: Annotated[Probability, Field(validation_alias=AliasChoices("random", "gold"))] = 0.10
    audit: Probability = 0.05
    cold: Probability = 1.0


class Segment(_Strict):
    """Takes the cases for which the CEL expression ``when`` is true, before the segments after it."""

    name: SegmentName
    when: Expression


class Segments(_Strict):
    """The segments of thresholds and certificates: the first of ``named`` that takes the case, and with ``by_label`` the
    predicted label."""

    by_label: bool = False
    named: Annotated[list[Segment], Field(max_length=MAX_RULES)] = []


class PolicyRule(_Strict):
    """A rule. If the CEL expression ``when`` is true: ``high_risk`` and ``expert`` send the case to an expert, ``compliance`` and
    ``review`` to people, ``priority`` makes it ``priority`` if people decide it. No rule makes a case automatic."""

    name: SegmentName
    when: Expression
    effect: Effect
    reason: Annotated[str, Field(max_length=200)] = ""
    priority: Literal["urgent", "high", "normal", "low"] | None = None

    @model_validator(mode="after")
    def _has_its_priority(self) -> Self:
        if self.effect == "priority" and self.priority is None:
            raise ValueError("effect priority wants the key priority")
        return self

    @property
    def words(self) -> str:
        return self.reason or self.name


class CostTerms(_Strict):
    """Turns on routing by the least expected cost, in dollars: of one ``review``, one ``expert``'s look, and of a wrong
    decision, ``harm`` plus ``harm_per_amount`` times ``amount``, a CEL expression. ``reviewer_error`` and ``expert_error`` are
    the shares that people get wrong."""

    review: Dollars = 0.40
    expert: Dollars = 4.0
    harm: Dollars = 10.0
    harm_per_amount: Dollars = 0.0
    amount: Expression | None = None
    reviewer_error: Probability = 0.05
    expert_error: Probability = 0.01


_LATER_RISK: dict[str, str | None] = {"family": "each", "money": None, "anchoring": "measured"}
"""Keys of ``risk`` that policies of before lack, and their defaults."""


class RoutingTerms(Bands):
    """``automatic_labels``: the only predictions that may be automatic; None: all of them. ``by_segment``: bands of their
    own for segments, by the whole name or one part of it. ``uncertainty``: how a prediction's doubt is measured. ``parts``: a
    document is automatic as a ``whole``, or ``each`` of its fields by a score, a threshold and a certificate of its own."""

    automatic_labels: list[str] | None = None
    parts: Literal["whole", "each"] = "whole"
    uncertainty: UncertaintyName = "entropy"
    segments: Segments = Segments()
    by_segment: dict[str, Bands] = {}
    rules: Annotated[list[PolicyRule], Field(max_length=MAX_RULES)] = []
    costs: CostTerms | None = None


class Policy(RoutingTerms):
    """``risk`` ``uncertified`` says in words that the bands automate without a certificate."""

    risk: Risk | Literal["uncertified"] = "uncertified"
    sampling: Sampling = Sampling()

    @cached_property
    def version(self) -> str:
        return fingerprint(self.body())

    def body(self) -> dict[str, Any]:
        """Return the policy as the JSON object that its version is the digest of. Keys that came after the first policies were
        approved are left out at their defaults, so that those keep their version, and with it their certificates."""
        body = self.model_dump(mode="json")
        if self.parts == "whole":
            del body["parts"]
        if isinstance(self.risk, Risk):
            body["risk"] = {key: value for key, value in body["risk"].items() if _LATER_RISK.get(key, ...) != value}
        return body

    def bands_of(self, segment: str) -> Bands:
        return _of_segment(self.by_segment, segment, self.segments) or self

    def risk_of(self, segment: str) -> RiskTerms | None:
        """None where the risk is uncertified."""
        if isinstance(self.risk, Risk):
            return _of_segment(self.risk.segments, segment, self.segments) or self.risk
        return None


def _of_segment(terms: dict[str, Any], segment: str, segments: Segments) -> Any:
    """Return the terms of the segment, or of the first of its parts that has some."""
    if not terms or segment in terms:
        return terms.get(segment)
    return next((terms[part] for part in _parts_of(segment, segments) if part in terms), None)


def _parts_of(segment: str, segments: Segments) -> list[str]:
    """Return a named part and the label. A label may hold the mark between them; the name before it never does."""
    return segment.split(BETWEEN, 1) if segments.named and segments.by_label else [segment]


def policy_from(body: dict[str, Any], labels: list[str], source: str) -> Policy:
    """Return the policy that ``body`` describes for a task with these labels. Raises InvalidConfig that names the key."""
    try:
        policy = Policy.model_validate_json(json.dumps(body))
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidConfig(source, key_of(first["loc"]), first["msg"]) from error
    check_names(policy, labels, source)
    return policy


def key_of(place: tuple[int | str, ...]) -> str:
    """Return the key as a person writes it, without the names of the alternatives that the schema tried.

    >>> key_of(("risk", "Risk", "level"))
    'risk.level'
    """
    hidden = {"Risk", "literal['uncertified']"}
    return ".".join(str(part) for part in place if part not in hidden)


def segment_names(terms: RoutingTerms, labels: list[str]) -> set[str]:
    """Return every name under which a segment of the policy can be spoken of: whole, or by one part."""
    first, second = _segment_parts(terms, labels)
    return {*first, *second, *whole_segments(terms, labels)}


def whole_segments(terms: RoutingTerms, labels: list[str]) -> list[str]:
    """Return the segments that a policy divides the cases of a task with these labels into, but for the unknown one."""
    first, second = _segment_parts(terms, labels)
    if first and second:
        return [BETWEEN.join((one, two)) for one in first for two in second]
    return [*first, *second] or [WHOLE]


def _segment_parts(terms: RoutingTerms, labels: list[str]) -> tuple[list[str], list[str]]:
    named = [segment.name for segment in terms.segments.named]
    return [*named, OTHER] if named else [], list(labels) if terms.segments.by_label else []


def check_names(policy: Policy, labels: list[str], source: str) -> None:
    """Raises InvalidConfig for a label or a segment that the task does not have, or a name that comes twice."""
    known = segment_names(policy, labels)
    risky = policy.risk.segments if isinstance(policy.risk, Risk) else {}
    _check_known(source, "automatic_labels", policy.automatic_labels or (), set(labels), "label")
    _check_known(source, "risk.segments", risky, known, "segment")
    _check_known(source, "by_segment", policy.by_segment, known, "segment")
    for key, names in (
        ("rules", [rule.name for rule in policy.rules]),
        ("segments.named", [segment.name for segment in policy.segments.named]),
    ):
        if len(set(names)) != len(names):
            raise InvalidConfig(source, key, "a name comes twice")


def check_can_alarm(policy: Policy, source: str) -> None:
    """Raises InvalidConfig for a policy with a risk level that checks no automatic decision: it could never be seen to fail."""
    if policy.risk != "uncertified" and not (policy.sampling.audit or policy.sampling.random):
        raise InvalidConfig(
            source, "sampling.audit", "expected a share above 0 of audit or random: with neither nothing is checked"
        )


def check_money(policy: Policy, source: str) -> None:
    """Raises InvalidConfig for a level of money in a policy that does not say what a wrong decision costs."""
    if isinstance(policy.risk, Risk) and policy.risk.money is not None and policy.costs is None:
        raise InvalidConfig(source, "risk.money", "expected costs in the policy: they say what a wrong decision costs")


def check_earned(policy: Policy, source: str) -> None:
    """For a model that runs elsewhere. Raises InvalidConfig unless certificates alone make its decisions automatic."""
    if policy.risk == "uncertified":
        raise InvalidConfig(source, "risk", "expected a level: a model that runs elsewhere is automatic by a certificate alone")


def _check_known(source: str, key: str, names: Any, known: set[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise InvalidConfig(source, f"{key}.{name}", f"unknown {what}; known: {', '.join(sorted(known))}")
