"""The kind ``text``: one text of bounded length."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hitl.errors import InvalidInput
from hitl.inference.rows import TEXT
from hitl.tasks.inputs.cells import text_in
from hitl.tasks.inputs.kind import Vector
from hitl.tasks.inputs.whole import WholeInput

BYTES_PER_CHARACTER = 12
"""The longest way to write one: a pair of surrogates, escaped."""

GRAM = 3


class TextInput(WholeInput):
    """``features`` is an object with one text, ``field``, of 1 to ``max_chars`` characters. A ``sensitive`` one is sealed at
    rest and masked in answers."""

    form = TEXT
    kind: Literal["text"]
    field: Annotated[str, Field(min_length=1, max_length=200)] = "text"
    max_chars: Annotated[int, Field(ge=1, le=100_000)] = 2000

    @property
    def columns(self) -> list[str]:
        return [self.field]

    @property
    def request_bytes(self) -> int:
        return BYTES_PER_CHARACTER * self.max_chars

    def parse_vector(self, features: Any) -> Vector:
        if not isinstance(features, dict) or features.keys() != {self.field}:
            raise InvalidInput("/features", f"an object with {self.field} and nothing else")
        text: Any = features[self.field]
        if type(text) is not str or not 1 <= len(text) <= self.max_chars:
            raise InvalidInput(f"/features/{self.field}", f"a text of 1 to {self.max_chars} characters")
        return text

    def features_of(self, row: Any) -> Any:
        return {self.field: str(row)}

    def features_in(self, row: dict[str, Any]) -> Any:
        return {self.field: text_in(row[self.field])}

    def distance(self, one: Vector, other: Vector) -> float:
        return text_distance(str(one), str(other))


def text_distance(one: str, other: str) -> float:
    """Return the share of their groups of three characters that they do not have in common."""
    first, second = _grams(one), _grams(other)
    return 1 - len(first & second) / len(first | second)


def _grams(text: str) -> set[str]:
    spread = f" {' '.join(text.lower().split())} "
    return {spread[i : i + GRAM] for i in range(max(len(spread) - GRAM + 1, 1))}
