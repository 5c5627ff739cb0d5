"""Who is there: people who are away are asked through their deputies, and nobody answers for them."""

from collections.abc import Mapping, Sequence

from hitl.approval.state import Absence
from hitl.approval.stored import StoredPolicy

MAX_DEPUTIES = 10
"""Deputies of deputies that are followed; a circle of them ends there too."""


def deputy_of(absences: Mapping[str, Absence], person: str, now: float) -> str | None:
    """Return ``person``, or who stands in for them now; None when nobody does."""
    for _ in range(MAX_DEPUTIES):
        absence = absences.get(person)
        if absence is None or now >= absence.until:
            return person
        if absence.deputy is None:
            return None
        person = absence.deputy
    return None


def present(absences: Mapping[str, Absence], people: Sequence[str], now: float) -> list[str]:
    """Return those of ``people`` who are there, and the deputies of the others, each once."""
    found = (deputy_of(absences, person, now) for person in people)
    return list(dict.fromkeys(person for person in found if person is not None))


def handed_over(policy: StoredPolicy, asked: Sequence[str], by: str, to: str) -> tuple[StoredPolicy, list[str]]:
    """Return the voting policy and who is asked, with ``to`` in the place of ``by`` wherever they are named."""
    groups = {group: _renamed(people, by, to) for group, people in policy["groups"].items()}
    weights = {to if name == by else name: weight for name, weight in policy["weights"].items()}
    return {**policy, "veto": _renamed(policy["veto"], by, to), "groups": groups, "weights": weights}, _renamed(asked, by, to)


def _renamed(names: Sequence[str], by: str, to: str) -> list[str]:
    return [to if name == by else name for name in names]
