"""Make an account's id of a provider's subject, whatever characters it has."""

from hashlib import sha256
from urllib.parse import quote

MAX_CHARS = 64
HEAD_CHARS, DIGEST_CHARS = 30, 32
"""Of a longer one: its beginning for people, and enough of its digest that nobody finds another with the same."""


def subject_id(subject: str) -> str:
    """``subject`` for paths and lists: plain ones as they are, every other byte as ``~`` and two hexadecimal digits. Two subjects
    never share one id.

    >>> subject_id("ada"), subject_id("auth0|5f7c"), subject_id("-kE3_a"), subject_id("ann+x@example.org")
    ('ada', 'auth0~7C5f7c', '~2DkE3_a', 'ann+x@example.org')
    """
    written = quote(subject, safe="@+", errors="surrogatepass").replace("~", "%7E").replace("%", "~")
    first = written[:1]
    if first and not first.isalnum() and first != "~":
        written = f"~{ord(first):02X}{written[1:]}"
    if len(written) <= MAX_CHARS:
        return written
    return f"{written[:HEAD_CHARS]}~~{sha256(subject.encode(errors='surrogatepass')).hexdigest()[:DIGEST_CHARS]}"
