"""The figures of one task, each with its interval and n; labels are weighted by their inclusion probability.

What people answered is the truth of these figures. How far that holds is a figure of its own (``people_error``, from items
whose truth was settled before, and from pairs of votes), and the system's error adds it where it was measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import sqrt

import numpy as np
from scipy.special import ndtri

from hitl.quality.answer_columns import AnswerColumns, Seen
from hitl.quality.arrays import Floats
from hitl.quality.betting import mean_interval
from hitl.quality.binomial import clopper_pearson
from hitl.quality.estimators import Drawn, drawn_error_rate
from hitl.quality.interval import Interval
from hitl.quality.people_errors import PeopleTally
from hitl.quality.seen_by_people import silent_checks, single_share, with_silence, without_peoples_errors
from hitl.quality.traffic import Traffic, TrafficCount, TrafficSums
from hitl.routing.cost import Costs
from hitl.routing.route import Action

HOUR_S = 3600.0
MACHINE_COST = 0.001
"""Dollars for the machines of one decision."""
PEOPLES_PART = 0.2
"""Of the probability that the system error's interval misses: people's answers are many, so their interval is short anyway."""
FEW_VALUES = 30
ENOUGH_VALUES = 500
"""From which on a mean is as good as normal: resampling gives the same interval, and takes a time that grows with the values."""
RESAMPLED = 500
SEED = 20_000
"""Of the order in which cases are bet on and of resampling: the same question gets the same answer."""


@dataclass(frozen=True)
class Book:
    """The data of a task, or of a part of it: its traffic and the answers of the same part, and those about each part of its
    answers (``by_part``). Checks of days that ended before ``ripe_at`` (UTC seconds) should have been answered; 0 is too early
    for all of them."""

    traffic: Traffic
    answers: AnswerColumns
    people: PeopleTally = field(default_factory=PeopleTally)
    costs: Costs = field(default_factory=Costs)
    ripe_at: float = 0.0
    by_part: Mapping[str, AnswerColumns] = field(default_factory=dict)

    @cached_property
    def sums(self) -> TrafficSums:
        return self.traffic.sums()

    @cached_property
    def checks(self) -> dict[bool, AnswerColumns]:
        """The answers to checks of automatic decisions: True, of overrides, and False, of the model."""
        drawn = self.answers.where(self.answers.is_check)
        return {by_override: drawn.where(drawn.is_override == by_override) for by_override in (False, True)}

    @property
    def automatic(self) -> int:
        return self.sums.of(Action.AUTOMATIC).cases

    @property
    def overridden(self) -> int:
        """Automatic cases that an override answered."""
        return self.sums.of(Action.AUTOMATIC, by_override=True).cases

    @property
    def cases(self) -> int:
        return self.sums.of().cases


def figures(book: Book) -> dict[str, Interval]:
    """Return every figure by its name."""
    automatic, system, hours = automatic_error(book), system_error(book), waited_hours(book.answers)
    return {
        "automation_rate": clopper_pearson(book.automatic, book.cases),
        "automatic_error": automatic,
        "override_error": override_error(book),
        "model_error": model_error(book),
        "people_error": book.people.error(),
        "system_error": system,
        "system_accuracy": complement(system),
        "false_positive_rate": automatic,
        "human_ai_agreement": blind_agreement(book.answers),
        "inter_annotator_agreement": annotator_agreement(book.answers),
        "expert_validation_rate": expert_validation(book.answers),
        "cost_per_decision": cost_per_decision(book),
        "review_latency": hours,
        "time_to_resolution": hours,
        "review_efficiency": review_efficiency(book.answers),
    }


def automatic_error(book: Book) -> Interval:
    """Of the decisions that the model made alone, those that people would have changed."""
    return drawn_error_rate(_automatic(book), seed=SEED)


def override_error(book: Book) -> Interval:
    """Of the answers that overrides gave, those that people would have changed."""
    return drawn_error_rate(_overridden(book), seed=SEED)


def model_error(book: Book) -> Interval:
    """Of the model's predictions on all traffic, whoever decided."""
    return drawn_error_rate(_automatic(book).joined(_reviewed(book)), seed=SEED)


def system_error(book: Book, confidence: float = 0.95) -> Interval:
    """Wrong final decisions, of the model, of overrides or of people. People's part is taken from ``people_error``, and as none
    where that was never measured; the same errors are taken out of checks that one person answered. The intervals of all parts
    hold together: of what they may err together, people's part gets PEOPLES_PART, and the others the rest in equal parts."""
    if not book.cases:
        return Interval(None, 0.0, 1.0, 0, confidence, "none")
    miss = 1 - confidence
    known = book.people.error(1 - PEOPLES_PART * miss)
    people = known if known.n else Interval(0.0, 0.0, 0.0, 0, known.confidence, "taken as right")
    left = 1 - PEOPLES_PART if known.n else 1.0
    each = 1 - left * miss / (2 if book.overridden else 1)
    model = _decision_error(book, False, people, each)
    parts = [(book.automatic - book.overridden, model), (book.overridden, _decision_error(book, True, people, each))]
    parts.append((book.cases - book.automatic, people))
    is_known = all(part.value is not None for _, part in parts)
    value = sum(n * (part.value or 0.0) for n, part in parts) / book.cases if is_known else None
    low, high = sum(n * part.low for n, part in parts) / book.cases, sum(n * part.high for n, part in parts) / book.cases
    labels = sum(part.n for _, part in parts)
    return Interval(value, low, high, labels, confidence, f"{model.method} and people {people.method}")


def _decision_error(book: Book, by_override: bool, people: Interval, confidence: float) -> Interval:
    """Return the error rate of a part of the decisions behind what people saw of it; none where nothing was decided so."""
    total = book.sums.of(Action.AUTOMATIC, by_override)
    if not total.cases:
        return Interval(0.0, 0.0, 0.0, 0, confidence, "none")
    checks = book.checks[by_override]
    silent = silent_checks(book.sums, checks, by_override, book.ripe_at)

    def rate(is_wrong: bool, confidence: float) -> Interval:
        share = (len(checks) + silent) / max(total.drawn, len(checks) + silent, 1)
        return drawn_error_rate(_cases(checks, total, share, silent, is_wrong), confidence, SEED)

    seen = with_silence(drawn_error_rate(_decided(book, by_override), confidence, SEED), silent, rate)
    return without_peoples_errors(seen, people, single_share(checks))


def blind_agreement(answers: AnswerColumns) -> Interval:
    """People's answers equal to the model's, among items of all traffic that they answered without seeing it."""
    table = answers.table
    blind = answers.where((table.is_gold & table.is_blind & table.has_model)[answers.kind])
    agreed, probability = ~blind.is_wrong, blind.table.gold_probability[blind.kind]
    if not len(blind) or np.ptp(probability) == 0:
        return clopper_pearson(int(agreed.sum()), len(blind))
    return mean_of(agreed.astype(np.float64), weights=1 / probability)


def annotator_agreement(answers: AnswerColumns) -> Interval:
    """Pairs of people's answers to one case that are equal, or points or numbers as near as the task counts as right. Resampled
    by case."""
    voted = answers.votes >= 2
    votes, agreed = answers.votes[voted], answers.agreed[voted]
    pairs = votes * (votes - 1) // 2
    shares = agreed / pairs
    if bool(((agreed == 0) | (agreed == pairs)).all()):
        return clopper_pearson(int(shares.sum()), len(shares))
    return mean_of(shares)


def expert_validation(answers: AnswerColumns) -> Interval:
    """Decisions that an expert confirmed, of those shown to one."""
    agreed, shown = (int(answers.has(flag).sum()) for flag in (Seen.EXPERT_AGREED, Seen.SHOWN_TO_EXPERT))
    return clopper_pearson(agreed, shown)


def cost_per_decision(book: Book) -> Interval:
    """People's time and machines over all cases. What the experts' share will be is only an estimate until all are answered."""
    n = book.cases
    if not n:
        return Interval(None, 0.0, float("inf"), 0, 0.95, "none")
    experts = book.sums.of(Action.EXPERT).cases
    looks = n - book.automatic - experts + int(book.answers.is_automatic.sum())
    reviews = looks + int(np.maximum(book.answers.votes - 1, 0).sum())
    price = book.costs
    mean = (experts * price.expert + reviews * price.review) / n
    square = (experts * price.expert**2 + reviews * price.review**2) / n
    reach = 1.96 * sqrt(max(square - mean**2, 0.0) / n)
    return Interval(mean + MACHINE_COST, max(mean - reach, 0.0) + MACHINE_COST, mean + reach + MACHINE_COST, n, 0.95, "normal")


def waited_hours(answers: AnswerColumns) -> Interval:
    """Hours from a review's opening to its last answer, of cases that people decide."""
    return mean_of(((answers.at - answers.opened_at) / HOUR_S)[~answers.is_automatic])


def review_efficiency(answers: AnswerColumns) -> Interval:
    """Answers for each hour that people held reviews."""
    held = answers.held_s[answers.held_s > 0]
    hours = mean_of(held / HOUR_S)
    if hours.value is None or hours.low <= 0:
        return Interval(None, 0.0, float("inf"), len(held), 0.95, "none")
    return Interval(1 / hours.value, 1 / hours.high, 1 / hours.low, hours.n, hours.confidence, hours.method)


def complement(error: Interval) -> Interval:
    """Return the accuracy to an error rate."""
    value = None if error.value is None else 1 - error.value
    return Interval(value, 1 - error.high, 1 - error.low, error.n, error.confidence, error.method)


def mean_of(values: Floats, confidence: float = 0.95, weights: Floats | None = None) -> Interval:
    """The mean of ``values`` (n,), of equal ``weights`` when None, with its interval: normal for ENOUGH_VALUES and more, by
    resampling for fewer, and by betting for plain shares of few values."""
    n = len(values)
    if not n:
        return Interval(None, 0.0, float("inf"), 0, confidence, "none")
    if weights is None and n < FEW_VALUES and values.min() >= 0 and values.max() <= 1:
        return mean_interval(values, confidence)
    weight = np.ones(n) if weights is None else weights
    mean = float(np.sum(weight * values) / weight.sum())
    if n >= ENOUGH_VALUES:
        spread = sqrt(float(np.sum(np.square(weight * (values - mean)))))
        reach = float(ndtri((1 + confidence) / 2)) * spread / float(weight.sum())
        low = max(mean - reach, 0.0) if values.min() >= 0 else mean - reach
        return Interval(mean, low, mean + reach, n, confidence, "normal")
    drawn = _resampled(n)
    low, high = np.quantile(drawn @ (weight * values) / (drawn @ weight), [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(mean, float(low), float(high), n, confidence, "bootstrap")


@lru_cache(maxsize=2)
def _resampled(n: int) -> Floats:
    """Return how often each of ``n`` values is drawn, (RESAMPLED, n): the days of a report have about as many each."""
    return np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=RESAMPLED).astype(np.float64)


def _automatic(book: Book) -> Drawn:
    """Return every case of the book that the model decided alone."""
    return _decided(book, by_override=False)


def _overridden(book: Book) -> Drawn:
    """Return every case of the book that an override answered."""
    return _decided(book, by_override=True)


def _decided(book: Book, by_override: bool) -> Drawn:
    total = book.sums.of(Action.AUTOMATIC, by_override)
    drawn = book.checks[by_override]
    return _cases(drawn, total, len(drawn) / max(total.drawn, len(drawn), 1))


def _reviewed(book: Book) -> Drawn:
    """Return every case that people decide."""
    total = book.sums.of(Action.REVIEW)
    total.add(book.sums.of(Action.EXPERT))
    answered = book.answers.where(~book.answers.is_automatic & book.answers.has(Seen.PREDICTED))
    return _cases(answered, total, len(answered) / max(total.cases, len(answered), 1))


def _cases(
    labelled: AnswerColumns, total: TrafficCount, answered: float, silent: int = 0, silent_is_wrong: bool = False
) -> Drawn:
    """Return all ``total`` cases; those without a label with the model's own doubt. ``answered`` is the share of the wanted
    labels that is there already: what is still waiting is taken to be like it. ``silent`` labels more count as there, all right
    or all wrong, each with the least probability of the answered ones, whose weight is the greatest among those; without any,
    with the share of cases that was drawn."""
    seen, probability = 1 - np.nan_to_num(labelled.confidence), labelled.probability * answered
    n = max(total.cases, len(labelled) + silent)
    unlabelled = n - len(labelled)
    doubt = max(total.doubt - float(seen.sum()), 0.0) / unlabelled if unlabelled else 0.0
    least = float(probability.min()) if len(labelled) else max(total.drawn, 1) / max(n, 1)
    other = float(probability[0]) if len(labelled) else least if silent else 1.0
    return Drawn(
        n,
        np.append(probability, np.full(silent, least)),
        np.append(labelled.is_wrong.astype(np.float64), np.full(silent, float(silent_is_wrong))),
        np.append(seen, np.full(silent, doubt)),
        doubt * (unlabelled - silent),
        frozenset([other] if unlabelled > silent else []),
    )
