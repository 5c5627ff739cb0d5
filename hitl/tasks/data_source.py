"""The source of a task's labelled rows."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from hitl.tasks.strict import Strict


class FileForm(Strict):
    """The format of a CSV file. Its cells are read as written; only the task's number fields are parsed. ``columns`` names the
    columns of a file without a header line; ``label_column`` holds the label, and ``label_names`` turns what it says into the
    task's labels; ``missing`` are the words for no value, where they are not quoted."""

    delimiter: Annotated[str, Field(pattern=r"^[\t -!#-~]$")] = ","
    quoted: bool = True
    encoding: str = "utf-8"
    columns: list[str] | None = None
    label_column: str = "label"
    label_names: dict[str, str] = {}
    missing: list[str] = [""]

    @field_validator("encoding")
    @classmethod
    def _encodes_text(cls, encoding: str) -> str:
        try:
            "".encode(encoding)
        except LookupError:
            raise ValueError(f"expected the name of a text encoding such as utf-8 or latin-1, came {encoding!r}") from None
        return encoding

    @field_validator("columns")
    @classmethod
    def _names_differ(cls, columns: list[str] | None) -> list[str] | None:
        if columns is not None and len(set(columns)) != len(columns):
            raise ValueError("expected each column once")
        return columns

    @model_validator(mode="after")
    def _has_the_label(self) -> Self:
        if self.columns is not None and self.label_column not in self.columns:
            raise ValueError(f"columns: expected the label column {self.label_column!r} among them")
        return self


class DataSource(Strict):
    """Rows that are labelled from the start. ``source`` is ``sklearn.<name>`` or a CSV or Parquet file, by its path under
    HITL_DATASETS_DIR or absolute, read as ``form`` says. For pictures it is such a file with their paths beside it in the column
    ``image``, or a folder that has one folder for each label. After a shuffle with ``seed``: ``holdout_rows`` are kept for
    evaluation alone, then ``initial_rows`` train the first model, or calibrate an imported one (0: nothing does); the rest is not
    used by the product (a demonstration streams it). An empty ``source``: the task has no labelled rows."""

    source: str
    form: FileForm = FileForm()
    seed: int = 0
    initial_rows: Annotated[int, Field(ge=0)]
    holdout_rows: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _has_rows_where_it_has_a_source(self) -> Self:
        if self.source and self.holdout_rows < 1:
            raise ValueError("holdout_rows: expected at least 1, to judge models with")
        return self


NO_ROWS = DataSource(source="", initial_rows=0, holdout_rows=0)
"""For models that run elsewhere: nothing is trained here, and nobody can ask them about rows."""
