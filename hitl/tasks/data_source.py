"""The source of a task's labelled rows."""

from typing import Annotated

from pydantic import Field

from hitl.tasks.strict import Strict


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
    alone, then ``initial_rows`` train the first model, or calibrate an imported one (0: nothing does); the rest is not used by
    the product (a demonstration streams it)."""

    source: str
    form: FileForm = FileForm()
    seed: int = 0
    initial_rows: Annotated[int, Field(ge=0)]
    holdout_rows: Annotated[int, Field(ge=1)]
