"""What an answer does: it settles the review, or sends it to another person; and how it is undone or amended later."""

from collections.abc import Mapping

from msgspec import UNSET

from hitl.answers.labels import is_corrected
from hitl.errors import InvalidInput, NotUndoable
from hitl.machine.machine import Outcome
from hitl.review.agreement import ConsensusResult, NeedsAnother, NeedsExpert, PersonsAnswer, settle
from hitl.review.answer_events import (
    DecidedParts,
    DecisionFinal,
    DecisionSuperseded,
    DecisionUndone,
    KnownAnswered,
    ReviewAnswered,
    ReviewDecided,
    answer_fields,
)
from hitl.review.commands import Amend, Decide, MakeFinal, Undo
from hitl.review.event_sources import go_back, go_to_experts, ids_of
from hitl.review.experience import known_of
from hitl.review.find import find, holding
from hitl.review.outcomes import current
from hitl.review.state import Purpose, Review, ReviewState, ReviewStatus
from hitl.review.terms import QueueTerms
from hitl.review.views import AmendedDecision, DecidedReview, HandedOnReview, UndoneDecision
from hitl.text_limits import check_text

SECOND = "a second look disagrees"
VALIDATION = "an expert confirms this decision"
NOTHING = Outcome([])


def decide(state: ReviewState, command: Decide, now: float, terms: QueueTerms) -> Outcome:
    """Raises NotFound, AlreadyDecided, StaleLease, InvalidInput."""
    review = holding(state, command.review_id, command.lease, command.reviewer)
    _check(command, terms, review)
    if review.purpose == Purpose.KNOWN:
        return _of_known(review, command, now, now + terms.of(review.task).undo_s)
    mine = PersonsAnswer(command.reviewer, command.label, command.confidence, review.is_with_experts)
    rule = terms.agreement(review.task, review.purpose != Purpose.REVIEW)
    labels = terms.labels(review.task, review.generation)
    known = None if rule.target is None else known_of(state, review, labels, terms.of(review.task))
    answers = [*answers_of(review), mine]
    if command.median is not None and command.median.of != tuple(each.label for each in answers):
        raise InvalidInput("/value", "an answer to the review as it stands: another one came or went meanwhile")
    match settle(answers, rule, known, command.median):
        case NeedsAnother(_, preferred):
            return _handed_on(review, command, None, preferred)
        case NeedsExpert(reason):
            return _handed_on(review, command, reason)
        case ConsensusResult() as settled:
            is_check, agrees = review.purpose != Purpose.REVIEW, _agrees(review, settled.label)
            wants = terms.wants_validation(review.task, review.review_id) or terms.wants_expert(review.task, is_check, agrees)
            if not mine.is_expert and wants:  # the same words for both: they must not tell what the model said
                return _handed_on(review, command, VALIDATION)
            if review.barred and not mine.is_expert and settled.label != (current(state, review.case_id) or {}).get("label"):
                return _handed_on(review, command, SECOND)
            return _decided(state, review, command, settled, now, now + terms.of(review.task).undo_s)


def undo(state: ReviewState, command: Undo, now: float, terms: QueueTerms) -> Outcome:
    """Raises NotFound, NotUndoable once the window is closed and for anybody but who gave the last answer."""
    review = find(state, command.review_id)
    check_text("/reason", command.reason)
    outcome = review.outcome
    if outcome is None or review.status is not ReviewStatus.PROVISIONAL or now >= outcome.final_at:
        raise NotUndoable(review.review_id, "it is not provisional")
    if outcome.reviewer != command.reviewer:
        raise NotUndoable(review.review_id, f"{outcome.reviewer} gave the answer")
    lease, lease_s = state.last_lease + 1, terms.of(review.task).lease_s
    event = DecisionUndone(**ids_of(review), lease=lease, reviewer=command.reviewer, lease_s=lease_s, reason=command.reason)
    return Outcome([event], UndoneDecision(review.case_id, review.review_id, lease, lease_s))


def make_final(state: ReviewState, command: MakeFinal) -> Outcome:
    """The end of the undo window that closes at ``final_at``; nothing when another answer has come since."""
    review = find(state, command.review_id)
    outcome = review.outcome
    if outcome is None or review.status is not ReviewStatus.PROVISIONAL or outcome.final_at != command.final_at:
        return NOTHING
    ends = _final(state, review, outcome.label, outcome.reviewers, outcome.reviewer, _differs(review))
    return Outcome(ends, {"case_id": review.case_id, "review_id": review.review_id, "status": "decided"})


def amend(state: ReviewState, command: Amend, terms: QueueTerms) -> Outcome:
    """Add a superseding record. Raises NotFound, InvalidInput for an unknown label or the one that stands, NotUndoable for
    what is not final yet."""
    review = find(state, command.review_id)
    check_text("/reason", command.reason)
    if review.outcome is None or review.status is not ReviewStatus.DECIDED or review.purpose == Purpose.KNOWN:
        raise NotUndoable(review.review_id, "it has no final decision to amend")
    if command.label not in terms.answers(review.task, review.generation) or command.label == review.outcome.label:
        raise InvalidInput("/label", "another of the task's answers than the one that stands")
    was = review.outcome.label
    event = _superseded(review, was, command.label, command.by, command.reason)
    return Outcome([event], AmendedDecision(review.case_id, review.review_id, command.label, was, command.by))


def answers_of(review: Review) -> list[PersonsAnswer]:
    """The answers given so far, in order."""
    names = ("reviewer", "label", "confidence", "is_expert")
    return [PersonsAnswer(**{name: answer[name] for name in names}) for answer in review.answers]


def _check(command: Decide, terms: QueueTerms, review: Review) -> None:
    about = (review.task, review.generation)
    answers, takes_values = terms.answers(*about), terms.takes_values(*about)
    is_value = takes_values and command.value is not None and is_corrected(command.label)
    if command.value is not None and not takes_values and not terms.takes_beside(*about, command.label):
        raise InvalidInput("/value", "no value: the task's answers are labels")
    if command.label not in answers and not is_value:
        raise InvalidInput("/label", f"one of the task's {len(answers)} answers")
    if not 0 <= command.confidence <= 1:
        raise InvalidInput("/confidence", "a number in [0, 1]")
    check_text("/comment", command.comment)


def _handed_on(review: Review, command: Decide, expert_reason: str | None, preferred: str | None = None) -> Outcome:
    event = ReviewAnswered(
        **ids_of(review),
        **(go_back(review) if expert_reason is None else go_to_experts(review, expert_reason)),
        **answer_fields(review, command),
        label=command.label,
        preferred=preferred,
    )
    told = HandedOnReview(
        case_id=review.case_id,
        review_id=review.review_id,
        label=command.label,
        reviewer=command.reviewer,
        status="answered",
        waits_for="another" if expert_reason is None else "expert",
        reason=expert_reason,
    )
    return Outcome([event], told)


def _of_known(review: Review, command: Decide, now: float, final_at: float) -> Outcome:
    """The answer to what is known reads like any other's."""
    agrees = _agrees(review, command.label)
    event = KnownAnswered(**ids_of(review), **answer_fields(review, command), label=command.label, agrees_with_model=agrees)
    return Outcome([event], _told(event, now, final_at))


def _decided(
    state: ReviewState, review: Review, command: Decide, settled: ConsensusResult, now: float, final_at: float
) -> Outcome:
    reviewers = [*(answer["reviewer"] for answer in review.answers), command.reviewer]
    event = ReviewDecided(
        **ids_of(review),
        **answer_fields(review, command),
        answer=command.label,
        label=settled.label,
        reviewers=reviewers,
        agreement=settled.agreement,
        posterior=settled.posterior,
        final_at=final_at,
        agrees_with_model=_agrees(review, settled.label),
    )
    is_final = final_at <= now
    differs = _differs(review) | ({} if command.differs is None else {command.label: command.differs})
    ends = _final(state, review, settled.label, reviewers, command.reviewer, differs) if is_final else []
    return Outcome([event, *ends], _told(event, now, final_at))


def _told(event: ReviewDecided | KnownAnswered, now: float, final_at: float) -> DecidedReview:
    return DecidedReview(
        case_id=event.case_id,
        review_id=event.review_id,
        label=event.label,
        reviewer=event.reviewer,
        agrees_with_model=event.agrees_with_model,
        status="decided" if final_at <= now else "provisional",
        decided_at=now,
        final_at=final_at,
    )


def _final(
    state: ReviewState, review: Review, label: str, reviewers: list[str], by: str, differs: Mapping[str, list[str]]
) -> list[DecisionFinal | DecisionSuperseded]:
    """The decision counts from now on; where the case had another outcome before, it is superseded. ``differs`` has by label the
    parts in which it is not what the model said."""
    before = current(state, review.case_id)
    final = DecisionFinal(
        **ids_of(review),
        **_parts(review, differs.get(label, [])),
        label=label,
        reviewers=reviewers,
        agrees_with_model=_agrees(review, label),
        purpose=Purpose(review.purpose),
        client=review.client,
        is_outcome=before is None,
    )
    if before is None or before["label"] == label:
        return [final]
    return [final, _superseded(review, before["label"], label, by, f"a {review.purpose} answer disagrees")]


def _differs(review: Review) -> dict[str, list[str]]:
    """By label, of the answers so far that are values."""
    return {answer["label"]: answer["differs"] for answer in review.answers if "differs" in answer}


def _parts(review: Review, differs: list[str]) -> DecidedParts:
    """What became of the parts that the model decided; nothing where it decided none by itself."""
    if not review.automatic_parts:
        return {"model_parts": UNSET, "overridden_parts": UNSET}
    stand = [name for name in review.automatic_parts if name not in differs]
    return {"model_parts": stand, "overridden_parts": [name for name in review.automatic_parts if name in differs]}


def _superseded(review: Review, before: str | None, after: str, by: str, reason: str) -> DecisionSuperseded:
    return DecisionSuperseded(**ids_of(review), before=before, to=after, by=by, reason=reason, client=review.client)


def _agrees(review: Review, label: str) -> bool | None:
    """Tell whether the model said ``label`` too; None where it said nothing."""
    return None if review.prediction is None else label == review.prediction
