"""Bound what one evaluation may cost before it runs: the interpreter counts steps, and one step may go through the whole request.

``features.map(x, x)`` copies its list at every step, and ``features.all(x, features == features)`` compares two: both take time
with the square of the request. The text says which loops there are; the request, how far they go.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from hitl.weight import weight_of

MOST_STEPS = 10_000
"""What the interpreter takes for one expression."""

MOST_COST = 3_000_000
"""Values and characters that the loops of one policy may go through for one case: about a tenth of a second."""

LOOPS = frozenset({"all", "exists", "exists_one", "map", "filter"})
BUILDING = frozenset({"map", "filter"})
REQUEST = frozenset({"features", "metadata", "client", "answer", "cents"})
TOKEN = re.compile(
    r"""(?P<skip>//[^\n]*|[rRbB]{0,2}(?:'{3}.*?'{3}|"{3}.*?"{3})|[rRbB]{0,2}(?:'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))"""
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign>[^\s\w])",
    re.DOTALL,
)

WORST: frozenset["Sizes"] = frozenset({(MOST_STEPS,)})
Sizes = tuple[int | None, ...]
"""How many steps the loops around a place take, the outermost first; None: as many as the request has values."""


@dataclass(slots=True)
class _Frame:
    """An open bracket: ``loop`` is its loop's name or '', ``size`` the steps that it takes; ``items`` is what a list has so far,
    ``is_of_request`` whether that may be any part of the request."""

    loop: str = ""
    size: int | None = None
    items: int = 1
    is_of_request: bool = False


def loops_of(text: str) -> frozenset[Sizes]:
    """The loops of an expression in which a step may go through the whole request. A text that is not read counts as the worst.

    >>> loops_of("features.all(x, x > 0.0)"), loops_of("['a', 'b'].exists(k, metadata.kind == k)")
    (frozenset(), frozenset({(2,)}))
    >>> loops_of("features.map(x, x).size() > 1")
    frozenset({(None,)})
    """
    found: set[Sizes] = set()
    frames, last, listed = [_Frame()], ["", "", ""], _Frame()
    for token in TOKEN.finditer(text):
        sign, word = token["sign"], token["word"]
        if sign in ("(", "[", "{"):
            frames.append(_opened(last, listed) if sign == "(" else _Frame(is_of_request=_is_index(last[-1])))
            inside = tuple(frame.size for frame in frames if frame.loop)
            if frames[-1].loop in BUILDING or (frames[-1].loop and len(inside) > 1):
                found.add(inside)
        elif sign in (")", "]", "}"):
            if len(frames) == 1:
                return WORST
            listed = frames.pop()
            frames[-1].is_of_request |= listed.is_of_request
        elif sign == ",":
            frames[-1].items += 1
        elif word in REQUEST and last[-1] != ".":
            frames[-1].is_of_request = True
            if inside := tuple(frame.size for frame in frames if frame.loop):
                found.add(inside)
        if not token["skip"]:
            last = [*last[1:], sign or word]
    return frozenset(found) if len(frames) == 1 else WORST


def _is_index(before: str) -> bool:
    """Tell whether a bracket after ``before`` takes one of something's items: what that is, nobody knows."""
    return before in (")", "]") or (before.isidentifier() and before != "in")


def _opened(last: list[str], listed: _Frame) -> _Frame:
    """Return the frame of a call: of a loop, if its name is one's. Only a list that is written out, ``[1, 2].all(``, has a
    size."""
    before, dot, name = last
    if dot != "." or name not in LOOPS:
        return _Frame()
    return _Frame(name, listed.items if before == "]" and not listed.is_of_request else None)


def cost_of(loops: Iterable[Sizes], data: Mapping[str, Any]) -> int:
    """Return the most that ``loops`` go through for a request."""
    sizes = list(loops)
    weight = weight_of(list(data.values())) if sizes else 0
    return sum(min(MOST_STEPS, prod(weight if size is None else size for size in each)) * weight for each in sizes)
