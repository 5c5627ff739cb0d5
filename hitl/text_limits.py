"""The longest texts that one command may bring into a journal."""

from hitl.errors import InvalidInput

MAX_TEXT = 4_000
"""Characters of a title, a comment, a reason or an error: each is journalled, and replayed with every start."""

MAX_LABEL = 200
"""Characters of a label: what a reviewer may send, so what a task may declare."""

MAX_REASON = 2_000
"""Characters of a reason that must be given, e.g. for looking behind a mask or changing what serves."""


SEALED_TEXT = "sealed:"
"""How a text begins that was sealed after its length was checked (hitl/sealing/words.py)."""

MAX_SEALED_TEXT = 22_000
"""Characters of a sealed text: base64 of MAX_TEXT characters of four bytes each."""


def check_text(place: str, text: str, longest: int = MAX_TEXT) -> None:
    """Raises InvalidInput for more than ``longest`` characters; ``place`` is the text's JSON pointer.

    >>> check_text("/reason", "too far from the border")
    """
    if len(text) > (MAX_SEALED_TEXT if text.startswith(SEALED_TEXT) else longest):
        raise InvalidInput(place, f"at most {longest} characters")
