"""Compare a judge's verdicts with what people decided on the same cases."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

Z_95 = 1.959963984540054
"""Of a two-sided interval of 95 %."""

Counts = Mapping[tuple[str, str], int]
"""How often the judge said the first label where people said the second."""


@dataclass(frozen=True, slots=True)
class JudgeVerdict:
    """What the judge says of a case that people know, or of ``features`` that are to become one."""

    case_id: str
    label: str
    features: Any = None


@dataclass(frozen=True, slots=True)
class JudgeAgreement:
    """``share`` of ``cases`` on which both say the same, with its interval of 95 % (Wilson, 1927), and ``kappa``: the agreement
    beyond chance (Cohen, 1960), None where both always say one label."""

    cases: int
    share: float
    low: float
    high: float
    kappa: float | None
    counts: Counts


def read_verdicts(text: str, labels: Sequence[str]) -> list[JudgeVerdict]:
    """JSON Lines with ``case_id``, ``label`` and, for new cases, ``features``. Raises ValueError that names the line."""
    return [_verdict(line, number, labels) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def count_pairs(verdicts: Iterable[JudgeVerdict], people: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """Pairs of the judge's and the people's label, of the cases that both know; a judge's last verdict counts."""
    said = {each.case_id: each.label for each in verdicts}
    return Counter((label, people[case_id]) for case_id, label in said.items() if case_id in people)


def measure_agreement(counts: Counts) -> JudgeAgreement:
    """Raises ValueError without a case that both know.

    >>> found = measure_agreement({("a", "a"): 40, ("b", "b"): 40, ("a", "b"): 20})
    >>> found.cases, found.share, round(found.low, 3), round(found.high, 3), round(found.kappa, 3)
    (100, 0.8, 0.711, 0.867, 0.615)
    """
    cases = sum(counts.values())
    if not cases:
        raise ValueError("no case has both a verdict and a decision of people")
    share = sum(count for (judge, people), count in counts.items() if judge == people) / cases
    return JudgeAgreement(cases, share, *_interval(share, cases), _kappa(counts, share, cases), counts)


def _interval(share: float, n: int) -> tuple[float, float]:
    """Wilson's score interval."""
    centre, spread = share + Z_95**2 / (2 * n), Z_95 * sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2))
    whole = 1 + Z_95**2 / n
    return max(0.0, (centre - spread) / whole), min(1.0, (centre + spread) / whole)


def _kappa(counts: Counts, share: float, n: int) -> float | None:
    judge, people = Counter[str](), Counter[str]()
    for (said, decided), count in counts.items():
        judge[said] += count
        people[decided] += count
    by_chance = sum(judge[label] * people[label] for label in judge) / n**2
    return None if by_chance >= 1 else (share - by_chance) / (1 - by_chance)


def _verdict(line: str, number: int, labels: Sequence[str]) -> JudgeVerdict:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {number} is no JSON") from error
    if not isinstance(row, dict) or not isinstance(row.get("case_id"), str):
        raise ValueError(f"line {number} has no text 'case_id'")
    if row.get("label") not in labels:
        raise ValueError(f"line {number}: 'label' is none of {', '.join(labels)}")
    return JudgeVerdict(row["case_id"], row["label"], row.get("features"))
