"""What is measured of learning: which cases are asked about, and in which order what waits is answered."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.measure.simulations import curves, domain_curves, pictures, queue_order

PICTURES = Path("docs/pictures")


def queue_order_figures(seeds: int) -> dict[str, Any]:
    """Answers until an accuracy by age over those by ``hybrid``, with 95 % intervals, and the accuracy after 200 answers."""
    by_age = queue_order.queue_curve("age", queue_order.Traffic(), seeds)
    found: dict[str, Any] = {"age": {"with 200 answers": round(curves.accuracy_at(by_age, 200), 4)}}
    for world, traffic in queue_order.TRAFFIC.items():
        for order in queue_order.ORDERS[1:]:
            curve = queue_order.queue_curve(order, traffic, seeds)
            gains = {f"at {target}": asdict(curves.acceleration(curve, by_age, target)) for target in (0.93, 0.95)}
            found[f"{world}: {order}"] = {**gains, "with 200 answers": round(curves.accuracy_at(curve, 200), 4)}
    return found


def learning_figures(seeds: int) -> dict[str, Any]:
    """Labels at random over labels of each strategy on the digits."""
    found = {name: curves.curve(name, seeds) for name in ("random", "hybrid", "margin", "adaptive")}
    figures = {name: _beside_random(found[name], found["random"], (0.92, 0.95)) for name in found if name != "random"}
    whole = curves.whole_pool(curves.DIGITS, seeds)
    pictures.draw(found, "Handwritten digits", "accuracy", whole, PICTURES / "learning-digits.svg")
    return {"seeds": seeds, "with all labels": whole, **figures}


def domain_learning_figures(seeds: int, folder: Path) -> dict[str, Any]:
    """The same on the domains whose rows are here, at shares of what all labels reach; ``score`` says which score."""
    figures: dict[str, Any] = {}
    for name, world in domain_curves.worlds(folder).items():
        whole, score = curves.whole_pool(world, seeds), world.score.__name__.replace("_", " ")
        found = {strategy: curves.curve(strategy, seeds, world) for strategy in ("random", "hybrid", "margin", "adaptive")}
        pictures.draw(found, name, score, whole, PICTURES / f"learning-{name}.svg")
        reached = {each: _beside_random(found[each], found["random"], (0.90 * whole, 0.95 * whole)) for each in found}
        figures[name] = {"score": score, "seeds": seeds, "with all labels": whole, **reached}
    return figures or {"skipped": "no rows under HITL_DATASETS_DIR"}


def _beside_random(chosen: curves.Curve, random: curves.Curve, targets: Sequence[float]) -> dict[str, Any]:
    """At the last point of the chosen curve both scores with so many labels."""
    last = int(chosen.labels[-1])
    return {
        "acceleration": {f"{target:.4g}": asdict(curves.acceleration(chosen, random, target)) for target in targets},
        "labels": last,
        "final": curves.accuracy_at(chosen, last),
        "random's": curves.accuracy_at(random, last),
    }
