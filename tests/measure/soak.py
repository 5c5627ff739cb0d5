"""``make soak``: the whole service under light load for SOAK_MINUTES, and what its processes hold in memory each minute.

Once a second a few cases are decided and, where people are asked, a review is claimed and answered. build/soak/report.json has
the proportional set size (PSS) by process and minute, in MiB, and build/soak/memory.png shows it. The service must end with the
memory of its tenth minute: ``is_flat`` says whether it does, within SHARE.
"""

import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import matplotlib

from tests.measure.command_line import no_options

matplotlib.use("Agg")
from matplotlib import pyplot

from hitl.client import Client
from tests.measure.processes import held_now
from tests.measure.report import deployed, keep
from tests.running import Running, images

MINUTES = float(os.environ.get("SOAK_MINUTES", "120"))
SETTLED = 10
"""The minute that the end is compared with: caches and pools are filled by then. A shorter run is compared with its middle."""

SHARE = 0.05
CASES = 5
"""A second."""

MINUTE_S, TICK_S = 60.0, 1.0
LAST = 3
"""Minutes whose mean is the end: one look may meet a garbage collector at work."""


class Minute(NamedTuple):
    """What processes held in ``minute``, in MiB of PSS, by name; ``cases`` were decided and ``answers`` given until then."""

    minute: int
    cases: int
    answers: int
    held: dict[str, float]


def main() -> None:
    no_options(__doc__)
    with deployed() as service, service.as_("client") as client, service.as_("ada") as reviewer:
        minutes = list(soak(service, client, reviewer))
    report = judged(minutes) | {"cases_a_second": CASES, "minutes": [each._asdict() for each in minutes]}
    file = keep("soak", report)
    _plot(minutes, file.with_name("memory.png"))
    print(f"{file}: {report['settled_mib']} MiB in minute {report['settled_minute']}, {report['end_mib']} at the end")
    sys.exit(0 if report["is_flat"] else 1)


def soak(service: Running, client: Client, reviewer: Client) -> Iterable[Minute]:
    """Yield each minute once it is over."""
    pictures, begun = images(500), time.monotonic()
    cases = answers = 0
    for minute in range(1, max(1, round(MINUTES)) + 1):
        while (now := time.monotonic()) < begun + minute * MINUTE_S:
            for features, _ in (pictures[(cases + number) % len(pictures)] for number in range(CASES)):
                client.decide("digits", features)
            cases += CASES
            answers += _answer(reviewer)
            time.sleep(max(0.0, TICK_S - (time.monotonic() - now)))
        yield Minute(minute, cases, answers, held_now(service))


def _answer(reviewer: Client) -> int:
    """Answer what waits most urgently; return how many reviews that were."""
    found = reviewer.claim("digits")
    review = found.get("review")
    if not review or not review["lease"]:
        return 0
    reviewer.answer(review["review_id"], review["lease"]["id"], "3")
    return 1


def judged(minutes: list[Minute]) -> dict[str, Any]:
    """Return whether the end holds as much as the settled minute, and the growth of each process, in MiB."""
    settled = minutes[SETTLED - 1 if len(minutes) > SETTLED else (len(minutes) - 1) // 2]
    last = minutes[-LAST:] if len(minutes) >= settled.minute + LAST else minutes[-1:]
    before, end = sum(settled.held.values()), mean(sum(each.held.values()) for each in last)
    names = {*settled.held, *minutes[-1].held}
    growth = {name: round(minutes[-1].held.get(name, 0.0) - settled.held.get(name, 0.0), 1) for name in sorted(names)}
    return {
        "settled_minute": settled.minute,
        "settled_mib": round(before, 1),
        "end_mib": round(end, 1),
        "change": round(end / before - 1, 4),
        "is_flat": abs(end / before - 1) <= SHARE,
        "growth_mib": growth,
    }


def _plot(minutes: list[Minute], file: Path) -> None:
    figure, axes = pyplot.subplots(figsize=(9, 5), layout="constrained")
    at = [each.minute for each in minutes]
    names: Mapping[str, float] = minutes[-1].held
    for name in sorted(names, key=lambda each: -names[each]):
        axes.plot(at, [each.held.get(name, 0.0) for each in minutes], label=name, linewidth=1.2)
    axes.set(xlabel="minutes", ylabel="PSS, MiB", title="Memory of the service under light load")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside right upper", fontsize=7)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


if __name__ == "__main__":
    main()
