"""The label of an answer that is a value: what everything after it compares, counts and journals.

The model's prediction is ``as_declared``: the declared value is right. A person's answer has the same label where the value is
the same, else ``corrected:`` and a digest of the value: two people agree where they gave the same value, and the model errs
wherever one was corrected. The digest is keyed with the case's key, which an erasure drops; the value itself stands
sealed beside it.
"""

AS_DECLARED = "as_declared"
CORRECTED = "corrected"
VALUE_LABELS = [AS_DECLARED, CORRECTED]
"""The labels of a task whose answers are values, as its models see them."""

DIGITS = 32


def corrected_label(digest: str) -> str:
    """Return the label of a value that differs from the declared one, by the value's keyed ``digest``."""
    return f"{CORRECTED}:{digest[:DIGITS]}"


def is_corrected(label: str) -> bool:
    """Tell whether ``label`` is that of a value which differs from the declared one."""
    return label.startswith(f"{CORRECTED}:")


def is_right(predicted: str | None, given: str, within: int = 0) -> bool:
    """Tell whether what a model ``predicted`` is what a person gave: the same, or on a scale at most ``within`` points away.

    >>> is_right("3", "4", within=1), is_right("3", "5", within=1), is_right("3", "none_of_these", within=1)
    (True, False, False)
    """
    if predicted == given or predicted is None or not within:
        return predicted == given
    return predicted.isdecimal() and given.isdecimal() and abs(int(predicted) - int(given)) <= within
