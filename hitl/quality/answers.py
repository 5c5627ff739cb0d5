"""People's answers with the probability that they were asked: the data behind every figure and certificate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hitl.answers.labels import is_right
from hitl.review.views import LabelledRow, ReviewAnswer
from hitl.routing.coin import SampleStream, either


@dataclass(frozen=True, slots=True)
class SettledReview:
    """One settled review: the last row of ``review_id``. ``opened_at`` and ``at`` are UTC seconds; ``votes`` are (reviewer,
    label) in order; ``streams`` are the coins that drew the case, ``rules`` the business rules that matched; ``held_s`` is how
    long people held it. Without a model ``prediction`` and ``confidence`` are None; ``expert_agreed`` is None where no expert
    validated the label; ``priority`` and ``due_at`` are those of the review; ``amended`` are the labels that later ones of the
    same review replaced; ``voted_at`` are the times of the ``votes`` (UTC seconds). ``differing`` has by label the parts of the
    value in which who gave it differs from the declared one, where that was recorded. On a scale the model is right
    ``right_within`` so many points. ``corrected`` has the same parts by label, each with a digest of what was given, where that
    was recorded; ``automatic_parts`` are those that the model decided by themselves in a case that people decide.
    ``near`` are the pairs of labels, either way round, whose numbers lie within the task's tolerance of each other."""

    review_id: str
    case_id: str
    purpose: str
    is_blind: bool
    label: str
    prediction: str | None
    confidence: float | None
    segment: str
    model_version: str | None
    policy_version: str
    is_automatic: bool
    streams: tuple[str, ...]
    gold_probability: float
    audit_probability: float
    opened_at: float
    at: float
    votes: tuple[tuple[str, str], ...] = ()
    held_s: float | None = None
    expert_agreed: bool | None = None
    rules: tuple[str, ...] = ()
    priority: str | None = None
    due_at: float | None = None
    probabilities: tuple[float, ...] | None = None
    amended: tuple[str, ...] = ()
    voted_at: tuple[float, ...] = ()
    differing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    right_within: int = 0
    corrected: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    automatic_parts: tuple[str, ...] = ()
    near: frozenset[tuple[str, str]] = frozenset()

    def agree(self, one: str, other: str) -> bool:
        """Tell whether two labels that people gave are the same, or as near as the task counts as right."""
        return is_right(one, other, self.right_within) or (one, other) in self.near

    @property
    def labels_given(self) -> tuple[str, ...]:
        """Every label that the review was settled to, the one that stands last."""
        return (*self.amended, self.label)

    @property
    def is_wrong(self) -> bool:
        """Whether the model erred, by what people say."""
        return not is_right(self.prediction, self.label, self.right_within)

    @property
    def is_gold(self) -> bool:
        """Drawn blindly from all traffic, whatever the model's confidence."""
        return SampleStream.GOLD in self.streams

    @property
    def is_drawn(self) -> bool:
        """Drawn by a coin whose probability is known."""
        return bool(self.streams)

    @property
    def is_override(self) -> bool:
        """About the answer of an override: neither a model's prediction nor a person's decision."""
        return self.is_automatic and self.model_version is None

    @property
    def probability(self) -> float:
        """With which a person was to look at the case: 1 where people decide."""
        return either(self.gold_probability, self.audit_probability) if self.is_automatic else 1.0


def answer_of(row: LabelledRow) -> SettledReview:
    """Return the answer in a row of the question ``Labelled``."""
    return SettledReview(
        review_id=row.review_id,
        case_id=row.case_id,
        purpose=row.purpose,
        is_blind=row.blind,
        label=row.label,
        prediction=row.prediction,
        confidence=row.confidence,
        segment=row.segment,
        model_version=row.model_version,
        policy_version=row.policy_version,
        is_automatic=row.is_automatic,
        streams=tuple(row.streams),
        gold_probability=row.gold_probability,
        audit_probability=row.audit_probability,
        opened_at=row.opened_at,
        at=row.at,
        votes=tuple((vote.reviewer, vote.label) for vote in row.answers),
        held_s=row.held_s,
        expert_agreed=_validated(row.answers),
        rules=tuple(row.rules),
        priority=row.priority.value,
        due_at=row.due_at,
        probabilities=None if row.probabilities is None else tuple(row.probabilities),
        voted_at=tuple(vote.at for vote in row.answers),
        differing={vote.label: tuple(vote.differs) for vote in row.answers if vote.differs is not None},
        corrected={vote.label: vote.corrected_parts for vote in row.answers if vote.corrected_parts},
        automatic_parts=tuple(row.automatic_parts),
        near=frozenset(pair for vote in row.answers for each in vote.near_answers or () for pair in _both(vote.label, each)),
    )


def first_two(item: SettledReview) -> tuple[str, str] | None:
    """Return the first two votes of a blind review: elsewhere the model's suggestion pulls both votes to one side."""
    votes = item.votes if item.expert_agreed is None else item.votes[:-1]
    is_pair = item.is_blind and len(votes) >= 2 and votes[0][0] != votes[1][0]
    return (votes[0][1], votes[1][1]) if is_pair else None


def _both(one: str, other: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (one, other), (other, one)


def _validated(answers: Sequence[ReviewAnswer]) -> bool | None:
    """Tell whether an expert who came last said what the person before had said."""
    if len(answers) < 2 or not answers[-1].is_expert:
        return None
    return answers[-1].label == answers[-2].label


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """The answer ``label`` of ``reviewer`` at ``at`` (UTC seconds) to a gold item with ``truth``; ``suggested`` None: it was
    asked blind."""

    reviewer: str
    label: str
    truth: str
    suggested: str | None
    at: float = 0.0
