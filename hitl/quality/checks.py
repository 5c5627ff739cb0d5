"""Blind checks in the order in which their cases came, answered or not: the evidence behind certificates and alarms.

Hard cases are answered late or never, so a figure of the answered ones alone is too good. Here every drawn case has its place
from the moment it came, and whoever counts must say what one without an answer counts as.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from hitl.answers.labels import is_right
from hitl.intake.record import CaseRecord
from hitl.quality.answers import SettledReview
from hitl.routing.coin import SampleStream
from hitl.routing.parts import part_segment
from hitl.routing.policy import UNKNOWN


class DrawnPart(NamedTuple):
    """A part of a drawn case's answer: the ``score`` that its model gave it, and whether the model decided it by itself."""

    name: str
    score: float
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class BlindCheck:
    """A case that a sampler drew. ``at`` is when the case came (UTC seconds), whatever reviews of it were opened since;
    ``wrong`` says whether the model erred, by people who did not see its answer, and is None while nobody has said.
    ``probability`` is that of the random sample, ``audit_probability`` that of the audit sample; ``labels`` are what people
    said, none while nobody has. No model learned from it before ``vaulted_until`` (UTC seconds); None: the vault did not take it.
    Cases with one ``content`` have the same input; none with the empty one. ``harm`` is what a wrong decision of it costs, in
    dollars; None: nobody recorded it. ``parts`` are those that the model gave scores of, and ``wrong_parts`` the names of those
    in which it erred; None while nobody has said, and where nobody said in which."""

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
    parts: tuple[DrawnPart, ...] = ()
    wrong_parts: tuple[str, ...] | None = None
    right_within: int = 0
    audit_probability: float = 0.0

    @property
    def is_random(self) -> bool:
        """Drawn from all traffic, whatever the model's confidence."""
        return SampleStream.GOLD in self.streams


def drawn_check(record: CaseRecord, content: str = "", right_within: int = 0) -> BlindCheck:
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
        audit_probability=record.audit_probability,
        vaulted_until=record.vaulted_until,
        content=content,
        harm=record.harm,
        right_within=right_within,
        parts=tuple(DrawnPart(name, score, name in (record.automatic_parts or ())) for name, score in record.part_scores.items()),
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
    wrong = any(not is_right(check.prediction, label, check.right_within) for label in said)
    return replace(check, wrong=wrong, labels=tuple(said), wrong_parts=_wrong_parts(check, [blind[-1], *later]))


def checks_of_parts(checks: Sequence[BlindCheck]) -> list[BlindCheck]:
    """The checks part by part, each in the segment of its part, in the order of the ``checks``: what a certificate of each part
    is about. Where nobody said in which parts the model erred, it erred in all of them."""
    return [_of_part(each, part) for each in checks for part in each.parts]


def certified_parts(checks: Sequence[BlindCheck]) -> list[BlindCheck]:
    """The parts of the checks whose segment is known: no other case is ever decided without people."""
    return checks_of_parts([each for each in checks if each.segment != UNKNOWN])


def _of_part(check: BlindCheck, part: DrawnPart) -> BlindCheck:
    wrong = check.wrong if check.wrong_parts is None else part.name in check.wrong_parts
    return replace(
        check,
        segment=part_segment(part.name),
        confidence=part.score,
        is_automatic=part.is_automatic,
        wrong=wrong,
        parts=(),
        wrong_parts=None,
    )


def _wrong_parts(check: BlindCheck, reviews: Sequence[SettledReview]) -> tuple[str, ...] | None:
    """Return the parts in which the model erred by any of the ``reviews``; None where one of them does not say in which."""
    found: set[str] = set()
    for each in reviews:
        for label in each.labels_given:
            differing = () if label == check.prediction else each.differing.get(label)
            if differing is None:
                return None
            found.update(differing)
    return tuple(part.name for part in check.parts if part.name in found)
