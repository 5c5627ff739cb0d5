"""Form a committee for query by committee: the versions of a task's model that served, each asked about every waiting case.

Seung, Opper and Sompolinsky (Query by committee, COLT 1992) draw the members among the hypotheses that fit the labels so far;
Abe and Mamitsuka (Query learning strategies using boosting and bagging, ICML 1998) get members that differ by training each on
another sample. The versions of a task are such members: each was trained on another sample of the labels and fits it. So a
member older than the newest label may disagree about what is known by now; the newest versions alone are asked for that reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from hitl.errors import NoCommittee
from hitl.learning.suggesting import WaitingCase

MEMBERS = 4
"""Versions that are asked at most: each is a model in memory, and older ones know fewer labels."""
LEAST_MEMBERS = 2

Said: TypeAlias = Sequence[Sequence[float] | None]
"""Probabilities of each waiting case by one member; None where it gave no numbers."""


def newest_versions(generations: Iterable[Sequence[tuple[str, float]]]) -> list[str]:
    """Return the digests that may be asked, from what served, oldest generation first: the main version of today, then those
    beside it and before it, the newest first.

    >>> newest_versions([(("a", 1.0),), (("a", 0.9), ("b", 0.1)), (("b", 1.0),)])
    ['b', 'a']
    """
    found: dict[str, None] = {}
    for versions in reversed(list(generations)):
        for digest, _ in sorted(versions, key=lambda version: -version[1]):
            found.setdefault(digest)
    return list(found)[:MEMBERS]


def judged_by_committee(pool: Sequence[WaitingCase], said: Sequence[Said], task: str) -> list[WaitingCase]:
    """Return the cases with what every member says of them, in the members' order. A member without numbers for any case is
    none; a case without numbers from every member is left out. Raises NoCommittee for fewer than two members."""
    members = [each for each in said if not pool or any(one is not None for one in each)]
    if len(members) < LEAST_MEMBERS:
        raise NoCommittee(task, LEAST_MEMBERS, len(members))
    told = zip(pool, zip(*members, strict=True), strict=True) if pool else ()
    return [replace(case, probabilities=_known(each)) for case, each in told if None not in each]


def _known(said: Sequence[Sequence[float] | None]) -> list[Sequence[float]]:
    return [one for one in said if one is not None]
