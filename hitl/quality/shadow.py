"""Compare a shadow with what serves: counts that add up, and figures made of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hitl.quality.binomial import clopper_pearson
from hitl.routing.action import Action
from hitl.uniform import hash_to_uniform

ARROW = ">"
"""Between the route that was taken and the one that the watcher would have taken: ``automatic>review``."""

PEOPLE = (Action.REVIEW, Action.EXPERT)
COUNTED = ("cases", "agreed", "failed", "dropped")


@dataclass(frozen=True, slots=True)
class Beside:
    """One case: the ``label`` and ``action`` of what serves; of the watching model's ``said`` None where it gave nothing usable,
    and ``would`` the action that followed from it."""

    label: str
    action: str
    champion: str
    said: str | None
    would: str | None


@dataclass(slots=True)
class ShadowTally:
    """``cases`` were watched; in ``agreed`` of them both said the same label, in ``failed`` the watching model said nothing
    usable; ``dropped`` were drawn and not looked at, for want of time. ``routes`` by ``taken>would``, ``champions`` by digest."""

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

    def plain(self) -> dict[str, Any]:
        numbers = {name: getattr(self, name) for name in COUNTED}
        return {**numbers, "routes": dict(self.routes), "champions": dict(self.champions)}


def is_watched(case_id: str, share: float) -> bool:
    """Tell whether the case is among the ``share`` that is watched: the same ones for ever, apart from who decides them.

    >>> is_watched("any", 1.0), is_watched("any", 0.0)
    (True, False)
    """
    return hash_to_uniform(f"shadow\n{case_id}") < share


def model_figures(counts: Mapping[str, Any]) -> dict[str, Any]:
    """The counts of a watching model with its rates, each with an exact 95 % interval."""
    spoke = counts["cases"] - counts["failed"]
    return {
        **counts,
        "disagreement": clopper_pearson(spoke - counts["agreed"], spoke).plain(),
        "failing": clopper_pearson(counts["failed"], counts["cases"]).plain(),
        **route_figures(counts["routes"]),
    }


def route_figures(routes: Mapping[str, int], hours_of_a_review: float | None = None) -> dict[str, Any]:
    """``routes`` by ``taken>would``: how often the two differ, what each makes automatic, and with the mean
    ``hours_of_a_review`` what each expects of people. A case that both send to people counts in both."""
    pairs = [(_actions(key), count) for key, count in routes.items()]
    n = sum(count for _, count in pairs)
    differ = sum(count for (taken, would), count in pairs if taken != would)
    told: dict[str, Any] = {"route_disagreement": clopper_pearson(differ, n).plain()}
    for side, name in ((0, "in_force"), (1, "watching")):
        told[name] = _side([(actions[side], count) for actions, count in pairs], n, hours_of_a_review)
    return told


def _actions(key: str) -> tuple[str, str]:
    taken, would = key.split(ARROW)
    return taken, would


def _side(actions: Iterable[tuple[str, int]], n: int, hours: float | None) -> dict[str, Any]:
    counted: Counter[str] = Counter()
    for action, count in actions:
        counted[action] += count
    looks = sum(counted[action] for action in PEOPLE)
    rate = clopper_pearson(counted[Action.AUTOMATIC], n).plain()
    return {"automation": rate, "to_people": looks, "reviewer_hours": None if hours is None else looks * hours}
