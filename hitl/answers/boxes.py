"""Where on the pages of a document a pipeline read the fields that it declared: what people look at, and no part of an answer."""

from collections.abc import Collection
from typing import Any

from typing_extensions import TypedDict

from hitl.canonical import Json
from hitl.errors import InvalidInput

BOX_VALUES = 10
"""JSON values of one box, with the name of its field before it; names counted."""

BOX_BYTES = 256
"""Of one box, with the name of its field before it."""


class FieldBox(TypedDict):
    """``box`` is left, top, right and bottom, each as a share of the page's width or height; ``page`` counts from 1."""

    page: int
    box: list[float]


def check_boxes(said: Json, names: Collection[str], pages: int, place: str) -> dict[str, FieldBox]:
    """Return the box of each field that has one, ``names`` being all of the task's and ``pages`` those of the file. Raises
    InvalidInput that names the place.

    >>> check_boxes({"total": {"page": 1, "box": [0, 0.5, 1, 0.75]}}, ["day", "total"], 1, "/boxes")
    {'total': {'page': 1, 'box': [0.0, 0.5, 1.0, 0.75]}}
    """
    if type(said) is not dict or not said.keys() <= set(names):
        raise InvalidInput(place, f"an object with a box for some of {', '.join(names)}")
    return {name: _checked(said[name], pages, f"{place}/{name}") for name in names if name in said}


def _checked(said: Any, pages: int, place: str) -> FieldBox:
    if type(said) is not dict or said.keys() != {"page", "box"}:
        raise InvalidInput(place, "an object with page and box")
    page, box = said["page"], said["box"]
    if type(page) is not int or not 1 <= page <= pages:
        raise InvalidInput(f"{place}/page", f"a page from 1 to {pages}, as the file has them")
    if type(box) is not list or len(box) != 4 or not all(type(side) in (int, float) and 0 <= side <= 1 for side in box):
        raise InvalidInput(f"{place}/box", "left, top, right and bottom: four numbers in [0, 1]")
    left, top, right, bottom = map(float, box)
    if not (left < right and top < bottom):
        raise InvalidInput(f"{place}/box", "left before right, and top before bottom")
    return FieldBox(page=page, box=[left, top, right, bottom])
