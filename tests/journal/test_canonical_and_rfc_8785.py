"""docs/journal.md says truly how its JSON differs from RFC 8785, whose form is written here anew from its text."""

import ast
import math
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl.canonical import canonical
from hitl.canonical_fast import canonical_checked, canonical_fast

DOCUMENT = Path(__file__).parents[2] / "docs" / "journal.md"
ROW = re.compile(r"^\| `(.+?)` \| `(.+?)` \| `(.+?)` \| [^|]+ \|$", re.MULTILINE)
EXAMPLES = ROW.findall(DOCUMENT.read_text(encoding="utf-8").split("| value (Python) |")[1].split("\n\n")[0])

RFC_SAMPLES = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555555", "333333333.3333333"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]
"""Of the RFC's appendix B: the bits of a double, and its text."""


ESCAPED = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def ecmascript(number: float) -> str:
    """Number::toString of ECMAScript, from the shortest digits, which Python's ``repr`` has as well."""
    if number == 0:
        return "0"
    mantissa, _, power = repr(abs(number)).partition("e")
    before, _, after = mantissa.partition(".")
    digits = before + after
    point = len(before) + int(power or 0) - (len(digits) - len(digits.lstrip("0")))
    return ("-" if number < 0 else "") + _placed(digits.strip("0"), point)


def _placed(digits: str, point: int) -> str:
    """``0.digits`` times ten to the ``point``: the RFC's n is ``point``, its k the number of digits."""
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"


def jcs(value: Any) -> str:
    """The form of RFC 8785."""
    match value:
        case dict():
            keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
            return "{" + ",".join(f"{jcs(key)}:{jcs(value[key])}" for key in keys) + "}"
        case list():
            return "[" + ",".join(map(jcs, value)) + "]"
        case int() | float() if not isinstance(value, bool):
            return ecmascript(float(value))
        case str():
            return '"' + re.sub(r'[\x00-\x1f"\\]', lambda found: ESCAPED.get(found[0], f"\\u{ord(found[0]):04x}"), value) + '"'
        case _:
            return {None: "null", True: "true", False: "false"}[value]


@pytest.mark.parametrize(("bits", "text"), RFC_SAMPLES)
def test_the_form_of_the_rfc_is_written_as_its_samples_say(bits: str, text: str) -> None:
    assert ecmascript(struct.unpack(">d", bytes.fromhex(bits))[0]) == text


def test_the_table_has_examples() -> None:
    assert len(EXAMPLES) == 9


@pytest.mark.parametrize(("value", "ours", "theirs"), EXAMPLES)
def test_an_example_is_written_as_the_document_says(value: str, ours: str, theirs: str) -> None:
    meant = ast.literal_eval(value)
    written = {encode([meant]).decode() for encode in (canonical, canonical_fast, canonical_checked)}
    assert (written, jcs(meant)) == ({f"[{ours}]"}, theirs)


SAME = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.floats(1e-4, 1e16).filter(lambda n: n % 1 != 0)
KEYS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))


@given(st.dictionaries(KEYS, SAME | st.lists(SAME)))
def test_everything_else_is_written_alike(value: dict[str, Any]) -> None:
    assert canonical(value).decode() == jcs(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "\ud800"])
def test_what_the_rfc_refuses_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)
