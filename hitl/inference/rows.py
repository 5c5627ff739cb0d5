"""The forms of a model's input: numbers, texts, pictures. Everything that differs between them is here.

A new form is one class and its entries in the two tables at the end.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hitl.inference.declared import BLANK, DeclaredRow
from hitl.inference.pictures import PictureRow, blank_pictures

if TYPE_CHECKING:
    import pyarrow as pa

Rows = NDArray[Any]
"""``(n, width)`` float32 numbers, or ``(n,)`` texts (dtype object) for a model of width 0, or ``(n,)`` DeclaredRow (dtype object)
for one of width DECLARED_WIDTH, or ``(n,)`` PictureRow (dtype object) for one of width PICTURE_WIDTH."""

DECLARED_WIDTH = -1
"""Of a model whose answers clients declare: it reads neither numbers nor a text."""

PICTURE_WIDTH = -2
"""Of a model that reads pictures."""

Row: TypeAlias = "tuple[float, ...] | str | PictureRow"
"""One row that can be hashed and compared: numbers, a text, or a picture."""

BLANK_TEXT = "a message of ordinary length that says nothing, and says it in so many words"
TINY = 1e-8
NOT_TRAINED = "nothing is trained on what clients declare"
TEXT_COLUMNS = 128
"""Hashed groups of characters that stand for a text where items are compared with each other."""


class RowForm(ABC):
    """One form of rows. ``word`` and ``plural`` name it in messages."""

    word: str
    plural: str

    @abstractmethod
    def array(self, vectors: Sequence[Any] | Rows) -> Rows:
        """Return the vectors of several cases as one array."""

    @abstractmethod
    def exact_array(self, vectors: Sequence[Any]) -> Rows:
        """Return the same as read from a file, before it is rounded for the model: numbers in float64."""

    @abstractmethod
    def blank(self, width: int, n: int, first: int) -> Rows:
        """``n`` rows without meaning, to try a model with; ``first`` numbers the first of them."""

    @abstractmethod
    def hashable(self, vector: Any) -> Row:
        """Return the vector as a value that sets can hold."""

    @abstractmethod
    def plain(self, row: Any) -> Any:
        """Return the row as JSON."""

    @abstractmethod
    def comparable(self, vectors: Sequence[Any]) -> NDArray[np.float64]:
        """Rows of numbers whose distances can be compared: ``(n, columns)``."""

    @abstractmethod
    def stored_type(self) -> "pa.DataType":
        """Return the type of the column in a Parquet file."""


class NumberRows(RowForm):
    """``width`` numbers a row."""

    word, plural = "numbers", "numbers"

    def array(self, vectors: Sequence[Any] | Rows) -> Rows:
        return np.array(vectors, dtype=np.float32)

    def exact_array(self, vectors: Sequence[Any]) -> Rows:
        return np.array(vectors, dtype=np.float64)

    def blank(self, width: int, n: int, first: int) -> Rows:
        return np.zeros((n, width), dtype=np.float32)

    def hashable(self, vector: Any) -> Row:
        return tuple(vector)

    def plain(self, row: Any) -> Any:
        return [float(value) for value in row]

    def comparable(self, vectors: Sequence[Any]) -> NDArray[np.float64]:
        """Each column is spread over [0, 1]."""
        rows = np.array(vectors, dtype=np.float64)
        return np.asarray((rows - rows.min(axis=0)) / (np.ptp(rows, axis=0) + TINY), dtype=np.float64)

    def stored_type(self) -> "pa.DataType":
        import pyarrow as pa

        return pa.list_(pa.float64())


class TextRows(RowForm):
    """One text a row."""

    word, plural = "text", "texts"

    def array(self, vectors: Sequence[Any] | Rows) -> Rows:
        return np.array(vectors, dtype=object)

    def exact_array(self, vectors: Sequence[Any]) -> Rows:
        return np.array(vectors, dtype=object)

    def blank(self, width: int, n: int, first: int) -> Rows:
        return np.array([f"{BLANK_TEXT}, {number}" for number in range(first, first + n)], dtype=object)

    def hashable(self, vector: Any) -> Row:
        return str(vector)

    def plain(self, row: Any) -> Any:
        return row

    def comparable(self, vectors: Sequence[Any]) -> NDArray[np.float64]:
        from sklearn.feature_extraction.text import HashingVectorizer

        counts = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 3), n_features=TEXT_COLUMNS)
        return np.asarray(counts.transform([str(vector) for vector in vectors]).toarray(), dtype=np.float64)

    def stored_type(self) -> "pa.DataType":
        import pyarrow as pa

        return pa.string()


class DocumentRows(TextRows):
    """The digest of a file a row: what is declared about it was computed elsewhere."""

    word, plural = "documents", "documents"


class RecordingRows(DocumentRows):
    """The same of a recording."""

    word, plural = "recordings", "recordings"


class PictureRows(RowForm):
    """One hitl.inference.pictures.PictureRow a row."""

    word, plural = "pictures", "pictures"

    def array(self, vectors: Sequence[Any] | Rows) -> Rows:
        return np.array(vectors, dtype=object)

    def exact_array(self, vectors: Sequence[Any]) -> Rows:
        return self.array(vectors)

    def blank(self, width: int, n: int, first: int) -> Rows:
        return self.array(blank_pictures(n, first))

    def hashable(self, vector: Any) -> Row:
        found: PictureRow = vector
        return found

    def plain(self, row: Any) -> Any:
        return row.sha256

    def comparable(self, vectors: Sequence[Any]) -> NDArray[np.float64]:
        """Nothing is known here of how alike two pictures are: all are equally near."""
        return np.zeros((len(vectors), 1))

    def stored_type(self) -> "pa.DataType":
        import pyarrow as pa

        return pa.string()


class DeclaredRows(RowForm):
    """One hitl.inference.declared.DeclaredRow a row. Nothing is trained on them, and no table holds them."""

    word, plural = "declared predictions", "declared predictions"

    def array(self, vectors: Sequence[Any] | Rows) -> Rows:
        return np.array(vectors, dtype=object)

    def exact_array(self, vectors: Sequence[Any]) -> Rows:
        return self.array(vectors)

    def blank(self, width: int, n: int, first: int) -> Rows:
        return self.array([BLANK] * n)

    def hashable(self, vector: Any) -> Row:
        raise NotImplementedError(NOT_TRAINED)

    def plain(self, row: Any) -> Any:
        return [one.plain() for one in row.said]

    def comparable(self, vectors: Sequence[Any]) -> NDArray[np.float64]:
        raise NotImplementedError(NOT_TRAINED)

    def stored_type(self) -> "pa.DataType":
        raise NotImplementedError(NOT_TRAINED)


NUMBERS, TEXT, PICTURE, DECLARED = NumberRows(), TextRows(), PictureRows(), DeclaredRows()
DOCUMENT, RECORDING = DocumentRows(), RecordingRows()
_BY_TYPE: dict[type, RowForm] = {str: TEXT, PictureRow: PICTURE, DeclaredRow: DECLARED}
_BY_WIDTH: dict[int, RowForm] = {0: TEXT, DECLARED_WIDTH: DECLARED, PICTURE_WIDTH: PICTURE}


def form_of(row: Any) -> RowForm:
    """Return the form of one row."""
    return _BY_TYPE.get(type(row), NUMBERS)


def form_of_rows(rows: Sequence[Any] | Rows) -> RowForm:
    """Return the form of rows of one task; of none at all: numbers."""
    return form_of(rows[0]) if len(rows) else NUMBERS


def rows_of(vectors: Sequence[Any] | Rows) -> Rows:
    """Return the rows of these vectors (hitl.tasks.vector_from), all of one task."""
    return form_of_rows(vectors).array(vectors)


def blank_rows(width: int, n: int, first: int = 0) -> Rows:
    """``n`` rows without meaning, to try a model with. Texts are numbered from ``first`` on: a model that remembers what it has
    read is not quick because of that."""
    return _BY_WIDTH.get(width, NUMBERS).blank(width, n, first)
