"""Which challenger is on trial beside which champion, or alone after it, as a task's serving history tells."""

from collections.abc import Sequence
from dataclasses import dataclass

from hitl.serving.events import Deployed, RolledBack
from hitl.serving.views import ServingView

Versions = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """``challenger`` decides ``share`` of the cases since ``step_since`` (UTC seconds), which is ``step_generation``;
    it was deployed at ``since``. ``versions`` are those of each generation from then on."""

    champion: str
    challenger: str
    share: float
    since: float
    step_since: float
    step_generation: int
    versions: dict[int, Versions]


def trial_of(history: Sequence[ServingView]) -> Trial | None:
    """Return the trial that goes on, from the lines of a task's history, oldest first; None when one version serves alone. The
    challenger is the one deployed last; the champion, of the others, the one with the largest share."""
    at = _last_deployment(history)
    if at is None:
        return None
    lines = history[at:]
    challenger = lines[0].versions[-1][0]
    shares = dict(lines[-1].versions)
    others = [digest for digest in shares if digest != challenger]
    if challenger not in shares or not others:
        return None
    step = _step_of(lines)
    return Trial(
        champion=max(others, key=lambda digest: shares[digest]),
        challenger=challenger,
        share=shares[challenger],
        since=_since(lines[0]),
        step_since=_since(step),
        step_generation=step.generation,
        versions={line.generation: tuple(line.versions) for line in lines},
    )


def probation_of(history: Sequence[ServingView]) -> Trial | None:
    """As trial_of, of the version deployed last once it serves alone: the champion is what served most before it, and
    ``versions`` go back to the beginning. None for a first model, and once a person has chosen what serves."""
    at = _last_deployment(history)
    if not at or not history[at - 1].versions:
        return None
    lines = history[at:]
    challenger = lines[0].versions[-1][0]
    champion = max(history[at - 1].versions, key=lambda version: version[1])[0]
    is_alone = [digest for digest, _ in lines[-1].versions] == [challenger]
    if not is_alone or champion == challenger or any(line.cause == RolledBack.__name__ for line in lines):
        return None
    step = _step_of(lines)
    known = {line.generation: tuple(line.versions) for line in history}
    versions = {generation: each for generation, each in known.items() if each}
    return Trial(champion, challenger, 1.0, _since(lines[0]), _since(step), step.generation, versions)


def _last_deployment(history: Sequence[ServingView]) -> int | None:
    return next((i for i in reversed(range(len(history))) if history[i].cause == Deployed.__name__), None)


def _step_of(lines: Sequence[ServingView]) -> ServingView:
    """The first of the last lines that have the shares of now: certificates and rates make generations too."""
    step = lines[-1]
    for line in reversed(lines):
        if line.versions != step.versions:
            break
        step = line
    return step


def _since(line: ServingView) -> float:
    """A line of the history has a time; only what stands before the first has none."""
    return line.since or 0.0
