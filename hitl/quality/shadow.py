"""Compare a shadow with what serves: counts that add up, and figures made of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hitl.quality.binomial import clopper_pearson
from hitl.quality.interval import Interval
from hitl.quality.shadow_counts import ShadowCounts
from hitl.routing.action import Action
from hitl.uniform import hash_to_uniform

ARROW = ">"
"""Between the route that was taken and the one that the watcher would have taken: ``automatic>review``."""

PEOPLE = (Action.REVIEW, Action.EXPERT)


@dataclass(frozen=True, slots=True)
class Beside:
    """One case: the ``label`` and ``action`` of what serves; of the watching model's ``said`` None where it gave nothing usable,
    and ``would`` the action that followed from it."""

    label: str
    action: str
    champion: str
    said: str | None
    would: str | None


@dataclass(frozen=True, slots=True)
class RouteSide:
    """What one of two ways to route does with the same cases: the share that is automatic, how many people look at, and the hours
    that takes them, None where nobody has answered yet."""

    automation: Interval
    to_people: int
    reviewer_hours: float | None


@dataclass(frozen=True, slots=True)
class RouteFigures:
    """How often the routes of what is in force and of what watches differ, and what each of them does."""

    route_disagreement: Interval
    in_force: RouteSide
    watching: RouteSide


@dataclass(frozen=True, slots=True)
class ModelFigures(ShadowCounts):
    """The counts of a watching model with its rates: ``disagreement`` about the label where it said one, ``failing`` of all its
    cases; the routes as RouteFigures has them."""

    disagreement: Interval
    failing: Interval
    route_disagreement: Interval
    in_force: RouteSide
    watching: RouteSide


@dataclass(slots=True)
class ShadowTally:
    """Counts case by case what ShadowCounts tells."""

    cases: int = 0
    agreed: int = 0
    failed: int = 0
    dropped: int = 0
    routes: Counter[str] = field(default_factory=Counter)
    champions: Counter[str] = field(default_factory=Counter)

    def count(self, one: Beside) -> None:
        self.cases += 1
        self.champions[one.champion] += 1
        if one.said is None or one.would is None:
            self.failed += 1
            return
        self.agreed += one.said == one.label
        self.routes[f"{one.action}{ARROW}{one.would}"] += 1

    def counts(self) -> ShadowCounts:
        """Return what was counted so far, apart from what is counted on."""
        numbers = (self.cases, self.agreed, self.failed, self.dropped)
        return ShadowCounts(*numbers, dict(self.routes), dict(self.champions))


def is_watched(case_id: str, share: float) -> bool:
    """Tell whether the case is among the ``share`` that is watched: the same ones for ever, apart from who decides them.

    >>> is_watched("any", 1.0), is_watched("any", 0.0)
    (True, False)
    """
    return hash_to_uniform(f"shadow\n{case_id}") < share


def model_figures(counts: ShadowCounts) -> ModelFigures:
    """The counts of a watching model with its rates, each with an exact 95 % interval."""
    spoke, routes = counts.cases - counts.failed, route_figures(counts.routes)
    return ModelFigures(
        cases=counts.cases,
        agreed=counts.agreed,
        failed=counts.failed,
        dropped=counts.dropped,
        routes=counts.routes,
        champions=counts.champions,
        disagreement=clopper_pearson(spoke - counts.agreed, spoke),
        failing=clopper_pearson(counts.failed, counts.cases),
        route_disagreement=routes.route_disagreement,
        in_force=routes.in_force,
        watching=routes.watching,
    )


def route_figures(routes: Mapping[str, int], hours_of_a_review: float | None = None) -> RouteFigures:
    """``routes`` by ``taken>would``: how often the two differ, what each makes automatic, and with the mean
    ``hours_of_a_review`` what each expects of people. A case that both send to people counts in both."""
    pairs = [(_actions(key), count) for key, count in routes.items()]
    n = sum(count for _, count in pairs)
    differ = sum(count for (taken, would), count in pairs if taken != would)
    in_force = _side([(taken, count) for (taken, _), count in pairs], n, hours_of_a_review)
    watching = _side([(would, count) for (_, would), count in pairs], n, hours_of_a_review)
    return RouteFigures(clopper_pearson(differ, n), in_force, watching)


def _actions(key: str) -> tuple[str, str]:
    taken, would = key.split(ARROW)
    return taken, would


def _side(actions: Iterable[tuple[str, int]], n: int, hours: float | None) -> RouteSide:
    counted: Counter[str] = Counter()
    for action, count in actions:
        counted[action] += count
    looks = sum(counted[action] for action in PEOPLE)
    return RouteSide(clopper_pearson(counted[Action.AUTOMATIC], n), looks, None if hours is None else looks * hours)
