"""Signs that make a text look other than it is: marks that turn the direction in which it is shown.

Code with such a mark reads one way and runs another (CVE-2021-42574, "Trojan Source").
"""

from collections.abc import Iterator

from hitl.checks.finding import Finding, Severity

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Unicode's embeddings, overrides and isolates of direction."""

UNSEEN = frozenset("\u061c\u200e\u200f\u00ad\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u3164\uffa0")
"""Signs of no width: two names that differ in them alone look the same."""

TURNED, INVISIBLE = "code-turned-text", "code-invisible-sign"


def turns(text: str) -> bool:
    """Tell whether ``text`` may be shown in another order than it is written in.

    >>> turns("a \u202e b"), turns("a b")
    (True, False)
    """
    return not text.isascii() and not TURNING.isdisjoint(text)


def hidden_in(code: str) -> Iterator[Finding]:
    """Yield at most one finding of each kind a line."""
    if code.isascii():
        return
    for number, line in enumerate(code.splitlines(), 1):
        if not TURNING.isdisjoint(line):
            yield Finding(number, TURNED, "is shown in another order than it runs in", Severity.HIGH)
        if not UNSEEN.isdisjoint(line):
            yield Finding(number, INVISIBLE, "holds a sign that nobody sees", Severity.MEDIUM)
