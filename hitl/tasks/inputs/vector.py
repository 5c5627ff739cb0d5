"""The kind ``vector``: an array of numbers within one range, such as the pixels of an image."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from hitl.errors import InvalidInput
from hitl.inference.rows import NUMBERS, Rows
from hitl.quality.arrays import Bools, Floats
from hitl.tasks.inputs.cells import number_in
from hitl.tasks.inputs.kind import TINY_SPAN, Columns, InputKind, UnreadableRow, Vector

if TYPE_CHECKING:
    import pyarrow as pa

FEATURES = "features"


class VectorInput(InputKind):
    """``features`` is an array of ``size`` numbers in [min, max]; ``shape`` is how people see it (rows, columns).
    A ``sensitive`` one is sealed at rest and masked in answers."""

    form = NUMBERS
    kind: Literal["vector"]
    size: Annotated[int, Field(ge=1, le=65536)]
    min: float
    max: float
    shape: tuple[int, int] | None = None
    sensitive: bool = False

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"expected min <= max, came {self.min:g} and {self.max:g}")
        if self.shape is not None and (min(self.shape) < 1 or self.shape[0] * self.shape[1] != self.size):
            raise ValueError(f"shape: expected {self.size} numbers, came {self.shape[0]} rows of {self.shape[1]}")
        return self

    @property
    def width(self) -> int:
        return self.size

    @property
    def masks(self) -> bool:
        return self.sensitive

    @property
    def columns(self) -> list[str]:
        return [FEATURES]

    def parse_vector(self, features: Any) -> Vector:
        if not isinstance(features, list) or len(features) != self.size:
            raise InvalidInput("/features", f"an array of {self.size} numbers")
        # Fast path for what almost every request is. The sum is not finite if any number is NaN, which min and max may miss.
        low, high, types = self.min, self.max, set(map(type, features))
        if types == {float} and low <= min(features) and max(features) <= high and isfinite(sum(features)):
            return features
        for value in features:
            if type(value) not in (int, float) or not low <= value <= high:
                at = next(i for i, v in enumerate(features) if type(v) not in (int, float) or not low <= v <= high)
                raise InvalidInput(f"/features/{at}", f"a number in [{low:g}, {high:g}]")
        return [float(value) for value in features]

    def features_of(self, row: Any) -> Any:
        return [float(value) for value in row]

    def masked(self, features: Any, mask: str) -> Any:
        return mask if self.sensitive else features

    def distance(self, one: Vector, other: Vector) -> float:
        """The mean of the differences over the declared range."""
        return float(np.mean(np.abs(np.asarray(one) - np.asarray(other)) / max(self.max - self.min, TINY_SPAN)))

    def features_in(self, row: dict[str, Any]) -> Any:
        return row[FEATURES]

    def read_table(self, table: "pa.Table") -> tuple[Rows, Bools]:
        """Lists of the right length are read as one array, without a Python object a row."""
        import pyarrow as pa
        import pyarrow.compute as pc

        chunks = table[FEATURES]
        column = chunks.chunk(0) if chunks.num_chunks == 1 else chunks.combine_chunks()  # which copies even one
        if (
            pa.types.is_list(column.type)
            and not column.null_count
            and pc.all(pc.equal(pc.list_value_length(column), self.size)).as_py()
        ):
            return self._from_lists(column)
        return super().read_table(table)

    @property
    def source_width(self) -> int:
        return self.size

    def source_columns(self, names: Iterable[str]) -> list[str]:
        """Return all of them, in the file's order."""
        return list(names)

    def source_rows(self, columns: Columns) -> Rows:
        rows = np.column_stack([_numbers(column) for column in columns.values()])
        unfit = np.argwhere(~((rows >= self.min) & (rows <= self.max)))  # a NaN is within nothing
        if len(unfit):
            number, at = unfit[0]
            why = InvalidInput(f"/features/{list(columns)[at]}", f"a number in [{self.min:g}, {self.max:g}]")
            raise UnreadableRow(int(number), why)
        return rows

    def _from_lists(self, column: "pa.ListArray") -> tuple[Rows, Bools]:
        numbers = column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), self.size)
        if numbers.size and self.min <= numbers.min() and numbers.max() <= self.max:  # a NaN is the least and the largest
            return numbers.astype(np.float32), np.ones(len(column), dtype=np.bool_)
        fits = ((numbers >= self.min) & (numbers <= self.max)).all(axis=1)  # a null is no number, and within nothing
        return numbers[fits].astype(np.float32), fits


def _numbers(column: Sequence[Any]) -> Floats:
    """Return the numbers of a column; NaN where there is none."""
    if isinstance(column, np.ndarray):
        return np.asarray(column, dtype=np.float64)
    cells = [number_in(cell) for cell in column]
    return np.array([cell if isinstance(cell, float) else np.nan for cell in cells], dtype=np.float64)
