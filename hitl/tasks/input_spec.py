"""The schema of a task's cases, and the source of its labelled rows."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from hitl.tasks.strict import Strict


class NumberField(Strict):
    """One named number of a row. ``unit`` is for people. With ``missing`` it may be null: the model then sees that value, and
    a second number that says so. A ``sensitive`` one is sealed at rest and masked in answers."""

    name: str
    min: float
    max: float
    unit: str = ""
    sensitive: bool = False
    missing: float | None = None

    @property
    def width(self) -> int:
        return 1 if self.missing is None else 2


class CategoryField(Strict):
    """One named choice among ``values``. The model sees one number a value: 1 for the chosen, 0 for the others."""

    name: str
    values: Annotated[list[str], Field(min_length=2, max_length=1000)]
    sensitive: bool = False

    @property
    def width(self) -> int:
        return len(self.values)


def _kind_of_field(given: Any) -> str:
    is_category = "values" in given if isinstance(given, dict) else isinstance(given, CategoryField)
    return "category" if is_category else "number"


TableField = Annotated[
    Annotated[NumberField, Tag("number")] | Annotated[CategoryField, Tag("category")], Discriminator(_kind_of_field)
]


class VectorInput(Strict):
    """``features`` is an array of ``size`` numbers in [min, max]; ``shape`` is how people see it (rows, columns).
    A ``sensitive`` one is sealed at rest and masked in answers."""

    kind: Literal["vector"]
    size: Annotated[int, Field(ge=1, le=65536)]
    min: float
    max: float
    shape: tuple[int, int] | None = None
    sensitive: bool = False


class FieldsInput(Strict):
    """``features`` is an object with exactly these numbers and choices."""

    kind: Literal["fields"]
    fields: Annotated[list[TableField], Field(min_length=1)]


class TextInput(Strict):
    """``features`` is an object with one text, ``field``, of 1 to ``max_chars`` characters. A ``sensitive`` one is sealed at
    rest and masked in answers."""

    kind: Literal["text"]
    field: str = "text"
    max_chars: Annotated[int, Field(ge=1, le=100_000)] = 2000
    sensitive: bool = False


class FileForm(Strict):
    """The format of a CSV file. ``columns`` names the columns of a file without a header line; ``label_column`` holds the label,
    and ``label_names`` turns what it says into the task's labels; ``missing`` are the words for no value."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quoted: bool = True
    encoding: str = "utf-8"
    columns: list[str] | None = None
    label_column: str = "label"
    label_names: dict[str, str] = {}
    missing: list[str] = [""]


class DataSource(Strict):
    """Rows that are labelled from the start. ``source`` is ``sklearn.<name>`` or a CSV or Parquet file, by its path under
    HITL_DATASETS_DIR or absolute, read as ``form`` says. After a shuffle with ``seed``: ``holdout_rows`` are kept for evaluation
    alone, then ``initial_rows`` train the first model; the rest is not used by the product (a demonstration streams it)."""

    source: str
    form: FileForm = FileForm()
    seed: int = 0
    initial_rows: Annotated[int, Field(ge=1)]
    holdout_rows: Annotated[int, Field(ge=1)]
