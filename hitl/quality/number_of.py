"""Numbers with their nouns."""


def number_of(number: int, noun: str) -> str:
    """Return the number and its noun, whose plural takes an s.

    >>> number_of(1, "error"), number_of(0, "error")
    ('1 error', '0 errors')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
