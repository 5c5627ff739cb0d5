"""Which labels and choices people can tell apart and send back."""

import unicodedata
from collections.abc import Sequence

from hitl.text_limits import MAX_LABEL


def check_labels(labels: Sequence[str]) -> None:
    """Raises ValueError for a label that no reviewer could send, and for two that look the same: they differ in case, in white
    space, in invisible characters or in the way that an accent is written."""
    known: dict[str, str] = {}
    for label in labels:
        check_name(label)
        other = known.setdefault(_looks_of(label), label)
        if other != label or labels.count(label) > 1:
            raise ValueError(f"labels must differ visibly: {other!r} and {label!r}")


def check_name(name: str) -> None:
    """Raises ValueError for a text that a request cannot hold, or that nobody sees."""
    if not 1 <= len(name) <= MAX_LABEL or not _looks_of(name):
        raise ValueError(f"expected 1 to {MAX_LABEL} characters, visible ones among them; came {name[:20]!r}")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise ValueError(f"{name!r} has a control character")


def _looks_of(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    visible = "".join(character for character in folded if unicodedata.category(character) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", visible).split())
