"""The figures of one task row by row, as hitl.quality.figures computes them of columns: slow, and easy to check by reading."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from hitl.quality.answers import SettledReview
from hitl.quality.arrays import Floats, Ints
from hitl.quality.betting import mean_interval
from hitl.quality.binomial import clopper_pearson
from hitl.quality.estimators import Audited, error_rate
from hitl.quality.interval import Interval
from hitl.quality.people_errors import PeopleTally
from hitl.quality.seen_by_people import with_silence, without_peoples_errors
from hitl.quality.traffic import DAY_S, Cell, Traffic, TrafficCount
from hitl.routing.cost import Costs
from hitl.routing.route import Action

HOUR_S = 3600.0
MACHINE_COST = 0.001
"""Dollars for the machines of one decision."""
PEOPLES_PART = 0.2
"""Of the probability that the system error's interval misses: people's answers are many, so their interval is short anyway."""
RESAMPLED = 500
SEED = 20_000
"""Of the order in which cases are bet on and of resampling: the same question gets the same answer."""


@dataclass(frozen=True, slots=True)
class RowBook:
    """The data of a task, or of a part of it: its traffic, where ``part`` is true, and the answers of the same part. Checks of
    days that ended before ``ripe_at`` (UTC seconds) should have been answered; 0 is too early for all of them."""

    traffic: Traffic
    answers: Sequence[SettledReview]
    part: Callable[[Cell], bool] = lambda cell: True
    people: PeopleTally = field(default_factory=PeopleTally)
    costs: Costs = field(default_factory=Costs)
    ripe_at: float = 0.0

    @property
    def automatic(self) -> int:
        return self.traffic.sum(Action.AUTOMATIC, self.part).cases

    @property
    def overridden(self) -> int:
        """Automatic cases that an override answered."""
        return self.traffic.sum(Action.AUTOMATIC, lambda cell: self.part(cell) and cell.is_override).cases

    @property
    def cases(self) -> int:
        return self.traffic.sum(None, self.part).cases


def figures(book: RowBook) -> dict[str, Interval]:
    """Return every figure by its name."""
    return {
        "automation_rate": clopper_pearson(book.automatic, book.cases),
        "automatic_error": automatic_error(book),
        "override_error": override_error(book),
        "model_error": model_error(book),
        "people_error": book.people.error(),
        "system_error": system_error(book),
        "system_accuracy": complement(system_error(book)),
        "false_positive_rate": automatic_error(book),
        "human_ai_agreement": blind_agreement(book.answers),
        "inter_annotator_agreement": annotator_agreement(book.answers),
        "expert_validation_rate": expert_validation(book.answers),
        "cost_per_decision": cost_per_decision(book),
        "review_latency": mean_of([(each.at - each.opened_at) / HOUR_S for each in _by_people(book.answers)]),
        "time_to_resolution": mean_of([(each.at - each.opened_at) / HOUR_S for each in _by_people(book.answers)]),
        "review_efficiency": review_efficiency(book.answers),
    }


def automatic_error(book: RowBook) -> Interval:
    """Of the decisions that the model made alone, those that people would have changed."""
    return error_rate(_automatic(book))


def override_error(book: RowBook) -> Interval:
    """Of the answers that overrides gave, those that people would have changed."""
    return error_rate(_overridden(book))


def model_error(book: RowBook) -> Interval:
    """Of the model's predictions on all traffic, whoever decided."""
    return error_rate(_join(_automatic(book), _reviewed(book)))


def system_error(book: RowBook, confidence: float = 0.95) -> Interval:
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


def _decision_error(book: RowBook, by_override: bool, people: Interval, confidence: float) -> Interval:
    """Return the error rate of a part of the decisions behind what people saw of it; none where nothing was decided so."""
    total = book.traffic.sum(Action.AUTOMATIC, _is_decided(book, by_override))
    if not total.cases:
        return Interval(0.0, 0.0, 0.0, 0, confidence, "none")
    checks = _checks(book, by_override)
    silent = silent_checks(book.traffic, checks, _is_decided(book, by_override), book.ripe_at)

    def rate(is_wrong: bool, confidence: float) -> Interval:
        share = (len(checks) + silent) / max(total.drawn, len(checks) + silent, 1)
        return error_rate(_cases(checks, total, share, silent, is_wrong), confidence)

    seen = with_silence(error_rate(_decided(book, by_override), confidence), silent, rate)
    return without_peoples_errors(seen, people, single_share(checks))


def blind_agreement(answers: Sequence[SettledReview]) -> Interval:
    """People's answers equal to the model's, among items of all traffic that they answered without seeing it."""
    blind = [each for each in answers if each.is_gold and each.is_blind and each.model_version is not None]
    agreed = [float(not each.is_wrong) for each in blind]
    if len({each.gold_probability for each in blind}) <= 1:
        return clopper_pearson(int(sum(agreed)), len(blind))
    return mean_of(agreed, weights=[1 / each.gold_probability for each in blind])


def annotator_agreement(answers: Sequence[SettledReview]) -> Interval:
    """Pairs of people's answers to one case that are equal, or points or numbers as near as the task counts as right. Resampled
    by case."""
    shares = []
    for each in answers:
        labels = [label for _, label in each.votes]
        pairs = list(combinations(labels, 2))
        if pairs:
            shares.append(sum(each.agree(one, other) for one, other in pairs) / len(pairs))
    if set(shares) <= {0.0, 1.0}:
        return clopper_pearson(int(sum(shares)), len(shares))
    return mean_of(shares)


def expert_validation(answers: Sequence[SettledReview]) -> Interval:
    """Decisions that an expert confirmed, of those shown to one."""
    shown = [each.expert_agreed for each in answers if each.expert_agreed is not None]
    return clopper_pearson(sum(shown), len(shown))


def cost_per_decision(book: RowBook) -> Interval:
    """People's time and machines over all cases. What the experts' share will be is only an estimate until all are answered."""
    n = book.cases
    if not n:
        return Interval(None, 0.0, float("inf"), 0, 0.95, "none")
    experts = book.traffic.sum(Action.EXPERT, book.part).cases
    looks = n - book.automatic - experts + sum(each.is_automatic for each in book.answers)
    more = sum(max(len(each.votes) - 1, 0) for each in book.answers)
    prices = np.repeat([book.costs.expert, book.costs.review], [experts, looks + more])
    mean, square = float(prices.sum()) / n, float((prices**2).sum()) / n
    reach = 1.96 * float(np.sqrt(max(square - mean**2, 0.0) / n))
    return Interval(mean + MACHINE_COST, max(mean - reach, 0.0) + MACHINE_COST, mean + reach + MACHINE_COST, n, 0.95, "normal")


def review_efficiency(answers: Sequence[SettledReview]) -> Interval:
    """Answers for each hour that people held reviews."""
    held = [each.held_s for each in answers if each.held_s is not None and each.held_s > 0]
    hours = mean_of([seconds / HOUR_S for seconds in held])
    if hours.value is None or hours.low <= 0:
        return Interval(None, 0.0, float("inf"), len(held), 0.95, "none")
    return Interval(1 / hours.value, 1 / hours.high, 1 / hours.low, hours.n, hours.confidence, hours.method)


def complement(error: Interval) -> Interval:
    """Return the accuracy to an error rate."""
    value = None if error.value is None else 1 - error.value
    return Interval(value, 1 - error.high, 1 - error.low, error.n, error.confidence, error.method)


def mean_of(values: Sequence[float], confidence: float = 0.95, weights: Sequence[float] | None = None) -> Interval:
    """A mean, of equal ``weights`` when None, with its interval by resampling; plain shares of few values by betting."""
    if not values:
        return Interval(None, 0.0, float("inf"), 0, confidence, "none")
    array = np.array(values, dtype=np.float64)
    if weights is None and len(array) < 30 and array.min() >= 0 and array.max() <= 1:
        return mean_interval(array, confidence)
    weight = np.ones(len(array)) if weights is None else np.array(weights, dtype=np.float64)
    drawn = np.random.default_rng(SEED).multinomial(len(array), np.full(len(array), 1 / len(array)), size=RESAMPLED)
    low, high = np.quantile(drawn @ (weight * array) / (drawn @ weight), [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(weight @ array / weight.sum()), float(low), float(high), len(array), confidence, "bootstrap")


def _by_people(answers: Sequence[SettledReview]) -> list[SettledReview]:
    return [each for each in answers if not each.is_automatic]


def _automatic(book: RowBook) -> Audited:
    """Return every case of the book that the model decided alone."""
    return _decided(book, by_override=False)


def _overridden(book: RowBook) -> Audited:
    """Return every case of the book that an override answered."""
    return _decided(book, by_override=True)


def _decided(book: RowBook, by_override: bool) -> Audited:
    total = book.traffic.sum(Action.AUTOMATIC, _is_decided(book, by_override))
    drawn = _checks(book, by_override)
    return _cases(drawn, total, len(drawn) / max(total.drawn, len(drawn), 1))


def _is_decided(book: RowBook, by_override: bool) -> Callable[[Cell], bool]:
    return lambda cell: book.part(cell) and cell.is_override == by_override


def _checks(book: RowBook, by_override: bool) -> list[SettledReview]:
    return [each for each in book.answers if each.is_automatic and each.is_drawn and each.is_override == by_override]


def _reviewed(book: RowBook) -> Audited:
    """Return every case that people decide."""
    total, experts = (book.traffic.sum(action, book.part) for action in (Action.REVIEW, Action.EXPERT))
    total.add(experts)
    answered = [each for each in book.answers if not each.is_automatic and each.prediction is not None]
    return _cases(answered, total, len(answered) / max(total.cases, len(answered), 1))


def _cases(
    labelled: Sequence[SettledReview], total: TrafficCount, answered: float, silent: int = 0, silent_is_wrong: bool = False
) -> Audited:
    """Return all ``total`` cases in an order that tells nothing; those without a label with the model's own doubt. ``answered``
    is the share of the wanted labels that is there already: what is still waiting is taken to be like it. ``silent`` labels more
    count as there, all right or all wrong, each with the least probability of the answered ones, whose weight is the greatest
    among those; without any, with the share of cases that was drawn."""
    n = max(total.cases, len(labelled) + silent)
    seen = np.array([1 - (each.confidence or 0.0) for each in labelled], dtype=np.float64)
    probability = np.array([each.probability * answered for each in labelled], dtype=np.float64)
    rest = n - len(labelled)
    doubt = max(total.doubt - float(seen.sum()), 0.0) / rest if rest else 0.0
    least = float(probability.min()) if len(labelled) else max(total.drawn, 1) / max(n, 1)
    other = float(probability[0]) if len(labelled) else least if silent else 1.0
    wrong = np.array([each.is_wrong for each in labelled], dtype=np.float64)
    order = np.random.default_rng(SEED).permutation(n)
    return Audited(
        _placed(np.ones(len(labelled) + silent), 0.0, order) > 0,
        _placed(np.append(probability, np.full(silent, least)), other, order),
        _placed(np.append(wrong, np.full(silent, float(silent_is_wrong))), 0.0, order),
        _placed(np.append(seen, np.full(silent, doubt)), doubt, order),
    )


def _join(one: Audited, other: Audited) -> Audited:
    """Put the cases of both together, in an order that tells nothing: the evidence is gathered in order."""
    pairs = ((getattr(one, name), getattr(other, name)) for name in ("labelled", "probability", "loss", "predicted"))
    labelled, probability, loss, predicted = (np.concatenate(pair) for pair in pairs)
    order = np.random.default_rng(SEED).permutation(len(loss))
    return Audited(labelled[order], probability[order], loss[order], predicted[order])


def _placed(values: Floats, rest: float, order: Ints) -> Floats:
    whole = np.full(len(order), rest)
    whole[: len(values)] = values
    return np.asarray(whole[order], dtype=np.float64)


def single_share(checks: Sequence[SettledReview]) -> float:
    """Return the share of the checks that rest on one vote."""
    return sum(len(each.votes) == 1 for each in checks) / len(checks) if checks else 0.0


def silent_checks(traffic: Traffic, checks: Sequence[SettledReview], part: Callable[[Cell], bool], ripe_at: float) -> int:
    """Count drawn automatic decisions of the days that ended before ``ripe_at`` (UTC seconds) that nobody answered."""
    days = {cell.day for cell in traffic.cells if (cell.day + 1) * DAY_S <= ripe_at}
    drawn = dict.fromkeys(days, 0)
    for cell, count in traffic.cells.items():
        if cell.day in days and cell.action is Action.AUTOMATIC and part(cell):
            drawn[cell.day] += count.drawn
    for each in checks:
        if (day := int(each.opened_at // DAY_S)) in drawn:
            drawn[day] -= 1
    return sum(max(left, 0) for left in drawn.values())
