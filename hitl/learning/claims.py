"""Compare the figures that a request claims with those that the service measured, and keep the measured ones.

Figures of a candidate stand in ``candidate``, ``champion``, ``comparison`` and ``promotion`` of its evidence. A part that a
request leaves out or says null for claims nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose, isfinite

from hitl.canonical import Json, JsonObject
from hitl.errors import EvidenceMismatch, InvalidInput
from hitl.learning.promotion_pack import SHOWN_ROWS

ROUNDING = 1e-4
"""Relative: the same model computes its probabilities in another order on another machine."""

NOT_MEASURED = ("latency_ms", "latency_p99_ms", "latency_ratio", "corrections_kept")
"""Of a promotion pack: where it was trained says them, since they are about that machine and about people's answers."""

SHORT: Mapping[str, tuple[str, ...]] = {"accuracy": ("candidate", "accuracy", "value"), "log_loss": ("candidate", "log_loss")}
"""Figures of the candidate that a request may also say by name alone."""

SHOWN = 200
"""Characters of a figure in a refusal."""


@dataclass(frozen=True, slots=True)
class _Difference:
    place: str
    claimed: Json
    measured: Json


def measured_evidence(claimed: JsonObject, measured: JsonObject) -> JsonObject:
    """``claimed`` with every measured part in place of what it says there. Raises EvidenceMismatch where it says another figure,
    InvalidInput where what nobody measures has no form."""
    found = next(_differences(claimed, measured), None)
    if found is not None:
        raise EvidenceMismatch(found.place, _short(found.claimed), _short(found.measured))
    kept = {part: _with_claims(claimed.get(part), value, f"/evidence/{part}") for part, value in measured.items()}
    return {**claimed, **kept}


def _differences(claimed: JsonObject, measured: JsonObject) -> Iterator[_Difference]:
    for part, value in measured.items():
        yield from _between(claimed.get(part), value, f"/evidence/{part}")
    for name, path in SHORT.items():
        if claimed.get(name) is not None:
            yield from _between(claimed[name], _at(measured, path), f"/evidence/{name}")


def _between(claimed: Json, measured: Json, place: str) -> Iterator[_Difference]:
    if claimed is None or place.rsplit("/", 1)[1] in NOT_MEASURED:
        return
    theirs, ours = _shown_rows(claimed), _shown_rows(measured)
    if isinstance(claimed, dict) and isinstance(measured, dict):
        for name, value in claimed.items():
            yield from _between(value, measured.get(name), f"{place}/{name}")
    elif theirs and ours and len(theirs) == len(ours):
        yield from _between_rows(theirs, ours, place)
    elif isinstance(claimed, list) and isinstance(measured, list) and len(claimed) == len(measured):
        for at, (one, other) in enumerate(zip(claimed, measured, strict=True)):
            yield from _between(one, other, f"{place}/{at}")
    elif not _same(claimed, measured):
        yield _Difference(place, claimed, measured)


def _shown_rows(value: Json) -> list[JsonObject]:
    """Return the rows of a list that names each by its id; none: ``value`` is something else."""
    rows = [row for row in value if isinstance(row, dict) and isinstance(row.get("id"), str)] if isinstance(value, list) else []
    return rows if isinstance(value, list) and len(rows) == len(value) else []


def _between_rows(claimed: list[JsonObject], measured: list[JsonObject], place: str) -> Iterator[_Difference]:
    """Compare rows by id: of those that are as sure to rounding either may stand first, and at the end of a full list either
    may be the one that is left out."""
    ours, last = {row["id"]: row for row in measured}, measured[-1].get("confidence")
    for at, row in enumerate(claimed):
        same = ours.get(row["id"])
        if same is not None:
            yield from _between(row, same, f"{place}/{at}")
        elif len(measured) < SHOWN_ROWS or not _same(row.get("confidence"), last):
            yield _Difference(f"{place}/{at}/id", row["id"], measured[at]["id"])


def _same(claimed: Json, measured: Json) -> bool:
    numbers = [value for value in (claimed, measured) if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == 2:
        return isclose(*numbers, rel_tol=ROUNDING, abs_tol=ROUNDING * ROUNDING)
    return claimed == measured and isinstance(claimed, bool) == isinstance(measured, bool)


def _with_claims(claimed: Json, measured: Json, place: str) -> Json:
    """``measured`` with what nobody measures as it was claimed."""
    if not isinstance(measured, dict):
        return measured
    said = claimed if isinstance(claimed, dict) else {}
    return {name: _kept(said.get(name), value, f"{place}/{name}") for name, value in measured.items()}


def _kept(claimed: Json, measured: Json, place: str) -> Json:
    if place.rsplit("/", 1)[1] not in NOT_MEASURED:
        return _with_claims(claimed, measured, place)
    return measured if claimed is None else _checked(claimed, place)


def _checked(claimed: Json, place: str) -> Json:
    """Return a number, or a share with its number of cases."""
    values = list(claimed.values()) if isinstance(claimed, dict) and claimed.keys() == {"value", "n"} else [claimed]
    if not all(value is None or _is_amount(value) for value in values):
        raise InvalidInput(place, "a number, or a value and n")
    return claimed


def _is_amount(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and value >= 0


def _at(value: Json, path: tuple[str, ...]) -> Json:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _short(value: Json) -> str:
    return str(value)[:SHOWN]
