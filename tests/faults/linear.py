"""Whether what clients saw of one review could have happened in some order: Wing and Gong's search (J. Parallel and
Distributed Computing 17, 1993), with remembered dead ends as in Lowe's (Concurrency and Computation 29(4), 2017).

An operation that nobody knows the end of may have taken effect at any time after it began, or never.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

OPEN = ("open", 0, "")
State = tuple[str, int, str]


@dataclass(frozen=True)
class Op:
    """``kind`` claim, release, decide or read of review ``item``, under ``lease``; ``label`` what was said, or read ("" for
    nothing yet). ``end`` is inf and ``is_known`` False where no answer came; ``is_done`` False: it was refused."""

    item: str
    kind: str
    lease: int
    label: str
    start: float
    end: float = inf
    is_known: bool = True
    is_done: bool = True


def after(state: State, op: Op) -> State | None:
    """The state after ``op`` with its result, or None where it could not have had it."""
    status, lease, label = state
    holds = status == "leased" and lease == op.lease
    if op.kind == "read":
        return state if op.label == (label if status == "decided" else "") else None
    if op.kind == "claim":
        return ("leased", op.lease, "") if status == "open" else None
    if not op.is_done:
        return None if holds else state
    if not holds:
        return None
    return OPEN if op.kind == "release" else ("decided", op.lease, op.label)


def is_linearizable(ops: Iterable[Op]) -> bool:
    """Whether some order of ``ops``, of one review, respects time and the rules."""
    whole = sorted(ops, key=lambda op: op.start)
    dead: set[tuple[frozenset[int], State]] = set()
    stack: list[tuple[frozenset[int], State]] = [(frozenset(), OPEN)]
    while stack:
        done, state = stack.pop()
        left = [i for i in range(len(whole)) if i not in done]
        if all(not whole[i].is_known for i in left):
            return True
        if (done, state) in dead:
            continue
        dead.add((done, state))
        first_end = min(whole[i].end for i in left)
        for i in left:
            if whole[i].start <= first_end and (then := after(state, whole[i])) is not None:
                stack.append((done | {i}, then))
    return False


def condemned(history: Iterable[Op]) -> list[str]:
    """The reviews whose history has no explanation."""
    by_item: dict[str, list[Op]] = defaultdict(list)
    for op in history:
        by_item[op.item].append(op)
    return [item for item, ops in by_item.items() if not is_linearizable(ops)]
