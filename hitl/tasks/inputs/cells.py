"""Read one cell of a table as the task declares its column: a text or choice as written, a number only where one is written."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)

MAX_WHOLE = 2.0**53
"""Up to it every whole number has a double of its own."""


def text_in(cell: Any) -> Any:
    """Return the text of a cell, None for an empty one; what has no text of its own stays as it is, for the schema to refuse.

    A table cannot hold an empty cell among whole numbers, so that many libraries store them as floats: a whole float is
    written as the whole number.

    >>> [text_in(cell) for cell in ("007", 7, 7.0, 0.5, True, None)]
    ['007', '7', '7', '0.5', 'true', None]
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= MAX_WHOLE:
        return str(int(cell))
    return str(cell) if isinstance(cell, str | int | float | Decimal | date) else cell


def number_in(cell: Any) -> Any:
    """Return the number in a cell, None for an empty one; what is no number stays as it is, for the schema to refuse.

    >>> [number_in(cell) for cell in ("1e5", " 7 ", 7, None, "??", "1_0")]
    [100000.0, 7.0, 7.0, None, '??', '1_0']
    """
    if isinstance(cell, str):
        return float(cell) if _NUMBER.fullmatch(cell.strip()) else cell
    return float(cell) if isinstance(cell, int | float | Decimal) else cell
