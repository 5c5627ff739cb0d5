"""The interface of a kind of input: what a task's cases look like, and everything that depends on it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

from hitl.blobs.file_types import FileTerms
from hitl.blobs.handle import BlobHandle
from hitl.errors import InvalidInput
from hitl.inference.pictures import PictureRow
from hitl.inference.rows import RowForm, Rows, rows_of
from hitl.quality.arrays import Bools
from hitl.tasks.strict import Strict

if TYPE_CHECKING:
    import pyarrow as pa

Vector: TypeAlias = "list[float] | str | PictureRow"
"""One case as its model sees it: ``width`` numbers, the text itself, or the picture that it names."""

WHOLE = "/"
"""The whole input, among the names of its parts."""

Columns = Mapping[str, Sequence[Any]]
"""The columns of a data source by name, equally long."""

BYTES_PER_FEATURE = 64
TINY_SPAN = 1e-12


class UnreadableRow(Exception):
    """Row ``number`` of a data source does not fit the task; ``why`` names the place."""

    def __init__(self, number: int, why: InvalidInput) -> None:
        super().__init__(number, why)
        self.number, self.why = number, why


class InputKind(Strict, ABC):
    """One kind of input, as a task file declares it under ``input``. Subclasses have a field ``kind`` that names them."""

    form: ClassVar[RowForm]
    """The form in which models read it."""

    @property
    @abstractmethod
    def width(self) -> int:
        """The number of numbers that the model sees; 0 for a text, PICTURE_WIDTH (hitl.inference.rows) for a picture."""

    @property
    @abstractmethod
    def masks(self) -> bool:
        """Whether a part is sensitive: answers hide it, and the input is encrypted at rest."""

    @property
    def hidden(self) -> frozenset[str]:
        """The names of the parts that are sensitive, WHOLE where all of it is."""
        return frozenset({WHOLE}) if self.masks else frozenset()

    @property
    @abstractmethod
    def columns(self) -> list[str]:
        """The columns of a table that a case is read from."""

    @abstractmethod
    def parse_vector(self, features: Any) -> Vector:
        """Check a request's ``features`` and return the model's input. Raises InvalidInput that names the place.
        On the path of each decision."""

    @abstractmethod
    def features_of(self, row: Any) -> Any:
        """Return the ``features`` of a model's row: the inverse of ``parse_vector``."""

    @abstractmethod
    def masked(self, features: Any, mask: str) -> Any:
        """``features`` with ``mask`` in place of every sensitive value."""

    @abstractmethod
    def distance(self, one: Vector, other: Vector) -> float:
        """From 0 for the same to 1: how far two inputs of the task are from each other."""

    @property
    def request_bytes(self) -> int:
        """The longest that the features of a case may be in a request."""
        return BYTES_PER_FEATURE * self.width

    @property
    def files(self) -> FileTerms | None:
        """What the files of cases must be; None where cases have no files."""
        return None

    def blobs_in(self, features: Any) -> list[tuple[str, BlobHandle]]:
        """Return the handles in ``features`` with their places, for who must know whose they are. Raises InvalidInput."""
        return []

    @property
    def most_values(self) -> int:
        """The most JSON values in the features of a case, beside an object around them."""
        return self.width

    def features_in(self, row: dict[str, Any]) -> Any:
        """Return the ``features`` in a row of a table with ``columns``, each cell read as its column is declared
        (hitl.tasks.inputs.cells). Training and scoring read tables by this alone."""
        return row

    def read_table(self, table: "pa.Table") -> tuple[Rows, Bools]:
        """Read the rows that fit the schema, and a truth for each row of ``table``."""
        vectors = [self._vector_or_none(row) for row in table.select(self.columns).to_pylist()]
        fits = np.array([vector is not None for vector in vectors], dtype=np.bool_)
        return rows_of([vector for vector in vectors if vector is not None]), fits

    @property
    def source_width(self) -> int:
        """The number of columns of a data source that make up a row."""
        return len(self.columns)

    def source_columns(self, names: Iterable[str]) -> list[str]:
        """Return the columns of a data source that make up a row; ``names`` are those that it has."""
        return self.columns

    def source_rows(self, columns: Columns) -> Rows:
        """Return the rows of a data source, numbers in float64. Raises UnreadableRow."""
        rows = []
        for number, cells in enumerate(zip(*columns.values(), strict=True)):
            try:
                rows.append(self.parse_vector(self.features_in(dict(zip(columns, cells, strict=True)))))
            except InvalidInput as error:
                raise UnreadableRow(number, error) from error
        return self.form.exact_array(rows)

    def _vector_or_none(self, row: dict[str, Any]) -> "Vector | None":
        try:
            return self.parse_vector(self.features_in(row))
        except InvalidInput:
            return None
