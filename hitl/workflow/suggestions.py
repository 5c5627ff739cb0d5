"""What a reviewer may want to look at in a text: plain checks, each with its reason.

They run while a shard decides: their time grows with the length of the text alone.
"""

import re

from hitl.checks.patterns import linear
from hitl.checks.plain_text import plain_lines

LONG_SENTENCE_WORDS = 40

PATTERNS = {
    "Replace the unfinished places": linear(r"\b(TODO|TBD|FIXME|XXX|lorem ipsum)\b|\[(insert|your)[^\]]*\]"),
    "Check whether the e-mail addresses may be shown": linear(r"\w[.+-]*@[\w-]+\.[\w.]*\w"),
    "Check the absolute claims": linear(r"\b(always|never|guaranteed|100 ?%)"),
}
SPLIT = f"Split sentences of more than {LONG_SENTENCE_WORDS} words"


def review_suggestions(content: object) -> list[str]:
    """Suggestions for the review of ``content``; none for what raises no question.

    >>> review_suggestions("Our product always works.")
    ['Check the absolute claims']
    """
    text = content if isinstance(content, str) else ""
    if content is None or content in ("", {}, []):
        return ["There is no content to review"]
    plain = plain_lines(text).replace(b"\n", b"\t")  # a place in brackets may go on in the next line
    advice = [each for each, pattern in PATTERNS.items() if pattern.search(plain) is not None]
    return [*advice, SPLIT] if _has_long_sentence(text) else advice


def _has_long_sentence(text: str) -> bool:
    return any(len(sentence.split()) > LONG_SENTENCE_WORDS for sentence in re.split(r"[.!?]\s", text))
