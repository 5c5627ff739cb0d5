"""What a reviewer may want to look at in a text: plain checks, each with its reason."""

import re
from collections.abc import Callable

LONG_SENTENCE_WORDS = 40

UNFINISHED = re.compile(r"\b(TODO|TBD|FIXME|XXX|lorem ipsum)\b|\[(insert|your)[^\]]*\]", re.IGNORECASE)
E_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")
ABSOLUTE = re.compile(r"\b(always|never|guaranteed|100 ?%)", re.IGNORECASE)


def review_suggestions(content: object) -> list[str]:
    """Suggestions for the review of ``content``; none for what raises no question.

    >>> review_suggestions("Our product always works.")
    ['Check the absolute claims']
    """
    text = content if isinstance(content, str) else ""
    if content is None or content in ("", {}, []):
        return ["There is no content to review"]
    return [advice for advice, applies in CHECKS if applies(text)]


def _has_long_sentence(text: str) -> bool:
    return any(len(sentence.split()) > LONG_SENTENCE_WORDS for sentence in re.split(r"[.!?]\s", text))


CHECKS: list[tuple[str, Callable[[str], bool]]] = [
    ("Replace the unfinished places", lambda text: UNFINISHED.search(text) is not None),
    ("Check whether the e-mail addresses may be shown", lambda text: E_MAIL.search(text) is not None),
    ("Check the absolute claims", lambda text: ABSOLUTE.search(text) is not None),
    (f"Split sentences of more than {LONG_SENTENCE_WORDS} words", _has_long_sentence),
]
