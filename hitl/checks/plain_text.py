"""Normalize a text for patterns: one ASCII letter for each letter, so that no spelling hides a word."""

import unicodedata

LIKE = {"\u017f": "s", "\u212a": "k", "\u0130": "i", "\u0131": "i"}
"""Letters beyond ASCII that are an ASCII letter in another case."""

ANYTHING_ELSE = "\x1a"
"""Stands for signs that no pattern names."""


class _Letters(dict[int, str]):
    """Filled as letters come: each is looked up once."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _letter(chr(code))
        return found


_LETTERS = _Letters({code: chr(code) for code in range(128) if code != 0x1F} | {0x1F: "\t"})


def plain_lines(text: str) -> bytes:
    """Return the lines of ``text`` with ``\\n`` between them. White space beyond ASCII becomes a tabulator, a digit its ASCII
    digit, any other letter ``_``.

    >>> plain_lines("r\u00f6m\u00a0-rf\u2028\u0664")
    b'r_m\\t-rf\\n4'
    """
    return "\n".join(text.splitlines()).translate(_LETTERS).encode("ascii")


def _letter(letter: str) -> str:
    if letter in LIKE:
        return LIKE[letter]
    if letter.isspace():
        return "\t"
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return "_" if letter.isalnum() else ANYTHING_ELSE
