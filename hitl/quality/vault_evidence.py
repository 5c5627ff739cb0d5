"""Whether a challenger is better than the champion on today's traffic: on rows of the vault, which neither learned from.

Rows that a training run held out are as old as the task: after a drift they reject the very model that mends it. The vault's rows
are blind answers to recent cases. Those that the champion may decide are drawn with a small probability, so each row counts by
its own. Every test is valid at any look, and the ``cycle``-th challenger is tested at ``cycle_level(cycle)``, so that a task that
trains a challenger a night calls a worse one better with 5 % in all its nights together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from hitl.quality.arrays import Bools, Floats
from hitl.quality.checks import BlindCheck
from hitl.quality.promotion import cycle_level, log_e_better
from hitl.quality.traffic import Groups
from hitl.quality.vault import VaultScore, as_scored
from hitl.routing.policy import BETWEEN, Segments

LEVEL = 0.05
BETS = (0.1, 0.3, 0.6, 0.9)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row that both models answered, drawn with its ``probability``; ``parts`` are its named segment and declared groups."""

    probability: float
    challenger_right: bool
    champion_right: bool
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartComparison:
    """Of ``rows``, ``wins`` where the challenger alone is right and ``losses`` where the champion alone is; ``gain`` is the
    difference in accuracy on the traffic, weighted by the draws, None without rows. ``better`` and ``worse`` are the log evidence
    of either."""

    rows: int
    wins: int
    losses: int
    gain: float | None
    better: float
    worse: float


@dataclass(frozen=True, slots=True)
class VaultComparison(PartComparison):
    """``verdict``: ``harms a segment``, ``better``, ``worse`` or ``not enough evidence``. ``shown_at`` is the log evidence that
    the ``cycle``-th challenger of the task needs; ``parts`` are the named segments and declared groups, where harm is shown at
    the same level over all of them together."""

    cycle: int
    shown_at: float
    verdict: str
    parts: dict[str, PartComparison]


def compared_rows(
    checks: Sequence[BlindCheck],
    challenger: Mapping[str, VaultScore],
    champion: Mapping[str, VaultScore],
    champion_digest: str,
    segments: Segments,
    groups_of: Mapping[str, Groups],
) -> list[ComparedRow]:
    """Return the answered rows that both models scored. One that the champion decided, or suggested an answer to, counts as it
    did."""
    found = []
    for each in checks:
        mine, other = challenger.get(each.case_id), champion.get(each.case_id)
        is_own = each.model_version == champion_digest
        if each.wrong is None or mine is None or not (is_own or other):
            continue
        new = as_scored(each, mine, "", "")
        old = each if is_own or other is None else as_scored(each, other, "", "")
        parts = (*_named(mine.segment, segments), *(f"{name}={value}" for name, value in groups_of.get(each.case_id, ())))
        found.append(ComparedRow(each.probability, new.wrong is False, old.wrong is False, parts))
    return found


def compare_on_vault(rows: Sequence[ComparedRow], cycle: int) -> VaultComparison:
    """Return the comparison of the ``cycle``-th challenger (from 1)."""
    names = sorted({name for row in rows for name in row.parts})
    parts = {name: _part([row for row in rows if name in row.parts]) for name in names}
    whole, level = _part(rows), cycle_level(cycle, LEVEL)
    harmed = any(part.worse >= log(len(parts) / level) for part in parts.values())
    verdict = "harms a segment" if harmed else _verdict(whole, -log(level))
    told = (whole.rows, whole.wins, whole.losses, whole.gain, whole.better, whole.worse)
    return VaultComparison(*told, cycle, -log(level), verdict, parts)


def _verdict(whole: PartComparison, shown_at: float) -> str:
    if whole.better >= shown_at:
        return "better"
    return "worse" if whole.worse >= shown_at else "not enough evidence"


def _part(rows: Sequence[ComparedRow]) -> PartComparison:
    new = np.array([row.challenger_right for row in rows], dtype=np.bool_)
    old = np.array([row.champion_right for row in rows], dtype=np.bool_)
    drawn = np.array([row.probability for row in rows], dtype=np.float64)
    won, lost = new & ~old, old & ~new
    gain = float(((won * 1.0 - lost) / drawn).sum() / (1 / drawn).sum()) if len(rows) else None
    return PartComparison(
        len(rows), int(won.sum()), int(lost.sum()), gain, _log_evidence(won, lost, drawn), _log_evidence(lost, won, drawn)
    )


def _log_evidence(won: Bools, lost: Bools, drawn: Floats) -> float:
    """That ``won`` is more likely than ``lost`` on the traffic: a row's factor ``1 + b u (won - lost)``, with ``u`` = the least
    probability over its own, expects at most 1 otherwise. Where all were drawn alike, the sharper
    mixture of hitl.quality.promotion."""
    if not len(drawn) or drawn.min() == drawn.max():
        return float(log_e_better(int(won.sum()), int(lost.sum())))
    steps = (won * 1.0 - lost) * drawn.min() / drawn
    logs = np.log1p(np.array(BETS)[:, None] * steps).sum(axis=1)
    return float(np.logaddexp.reduce(logs) - np.log(len(BETS)))


def _named(segment: str, segments: Segments) -> tuple[str, ...]:
    """Return the named part of a segment; a predicted label is another one for each model, and compares nothing."""
    return (segment.split(BETWEEN, 1)[0],) if segments.named else ()
