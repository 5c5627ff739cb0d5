"""Blind checks in the order in which their cases came, answered or not: the evidence behind certificates and alarms.

Hard cases are answered late or never, so a figure of the answered ones alone is too good. Here every drawn case has its place
from the moment it came, and whoever counts must say what one without an answer counts as.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from hitl.intake.record import CaseRecord
from hitl.quality.answers import SettledReview
from hitl.routing.coin import SampleStream


@dataclass(frozen=True, slots=True)
class BlindCheck:
    """A case that a sampler drew. ``at`` is when the case came (UTC seconds), whatever reviews of it were opened since;
    ``wrong`` says whether the model erred, by people who did not see its answer, and is None while nobody has said.
    ``probability`` is that of the random sample; ``labels`` are what people said, none while nobody has. No model learned from it
    before ``vaulted_until`` (UTC seconds); None: the vault did not take it. Cases with one ``content`` have the same input; none
    with the empty one. ``harm`` is what a wrong decision of it costs, in dollars; None: nobody recorded it."""

    case_id: str
    at: float
    segment: str
    model_version: str | None
    policy_version: str
    prediction: str | None
    confidence: float | None
    is_automatic: bool
    streams: tuple[str, ...]
    rules: tuple[str, ...] = ()
    wrong: bool | None = None
    probability: float = 1.0
    labels: tuple[str, ...] = ()
    vaulted_until: float | None = None
    content: str = ""
    harm: float | None = None

    @property
    def is_random(self) -> bool:
        """Drawn from all traffic, whatever the model's confidence."""
        return SampleStream.GOLD in self.streams

    @property
    def is_override(self) -> bool:
        """About the answer of an override: neither a model's prediction nor a person's decision."""
        return self.is_automatic and self.model_version is None


def drawn_check(record: CaseRecord, content: str = "") -> BlindCheck:
    """Return the check that the case's samplers drew, before anybody answers it."""
    return BlindCheck(
        case_id=record.case_id,
        at=record.at,
        segment=record.segment,
        model_version=record.model_version,
        policy_version=record.policy_version,
        prediction=record.prediction,
        confidence=record.confidence,
        is_automatic=record.is_automatic,
        streams=tuple(record.streams),
        rules=tuple(record.rules),
        probability=record.gold_probability,
        vaulted_until=record.vaulted_until,
        content=content,
        harm=record.harm,
    )


def answered_check(check: BlindCheck, reviews: Sequence[SettledReview], left_out: Collection[str] = ()) -> BlindCheck:
    """Return the check as the settled ``reviews`` of its case answer it, oldest first. One whose newest blind review is
    ``left_out`` (review ids) waits until somebody else has answered it.

    Only a blind review answers. One that saw the model's answer can add an error and never take one away, and so can an amendment
    of a blind answer; to take one away, reopen the review blind.
    """
    blind = [each for each in reviews if each.is_blind]
    if not blind or blind[-1].review_id in left_out:
        return check
    later = reviews[reviews.index(blind[-1]) + 1 :]
    said = [*blind[-1].labels_given, *(label for each in later for label in each.labels_given)]
    return replace(check, wrong=any(label != check.prediction for label in said), labels=tuple(said))


def first_of_each_input(checks: Sequence[BlindCheck]) -> list[BlindCheck]:
    """The checks without those whose input came before: many copies of one case are one piece of evidence."""
    found: dict[str, BlindCheck] = {}
    for each in checks:
        found.setdefault(each.content or f"case {each.case_id}", each)
    return list(found.values())
