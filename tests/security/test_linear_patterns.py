"""A client writes a text on which a pattern would search for minutes: time grows with the length alone, for every pattern."""

import re
from time import process_time

import pytest

from hitl.checks import content
from hitl.checks.code import SHELL, SQL
from hitl.checks.patterns import CheckRule, LinePattern, hits
from hitl.checks.plain_text import plain_lines
from hitl.checks.secrets import SECRET_RULES
from hitl.tracking.redaction import PATTERNS as REDACTING
from hitl.tracking.redaction import RedactionPattern
from hitl.workflow.suggestions import PATTERNS, review_suggestions

RULES = (*SQL, *SHELL, *SECRET_RULES, *content.HATE_SPEECH, *content.CONFIDENTIAL_DATA, *content.PII)
SHORT, LONG = 20_000, 200_000
AT_MOST = 4 * LONG / SHORT
"""A square of the length would be 100 times the time, a cube 1,000 times."""

NOISE_S = 0.005
ATTACKS = [
    "grant ", "grant", "password", "a.", "a@", "[your", "rm -", "update t set w ", "+49 1", "00", "4 ", "4-", "DE89 12 ",
    "women are ", "kill all ", "born on 1", " ", "\t", "a\n", "\n", "é", "é\n", "\u00a0", "dd ", "curl x", "wget", "nc -x ", "x.",
    "f\"select",
]  # fmt: skip


def words(pattern: LinePattern) -> list[str]:
    """What the pattern is made of: repeated, it begins to match at every place."""
    found = re.findall(r"[a-z]{2,}|[^\w\s\\]", pattern.pattern.decode().removeprefix("(?im)"))  # type: ignore[attr-defined]
    return [*dict.fromkeys(found), " ".join(found[:2]), f"{found[0]} "]


def seconds(rule: CheckRule | None, text: str) -> float:
    """The least processor time of three."""
    times = []
    for _ in range(3):
        start = process_time()
        list(hits(text, [rule])) if rule else review_suggestions(text)
        times.append(process_time() - start)
    return min(times)


def is_linear(rule: CheckRule | None, unit: str) -> bool:
    short, long = (seconds(rule, (unit * size)[:size]) for size in (SHORT, LONG))
    return long <= AT_MOST * max(short, NOISE_S)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_text_holds_a_rule(rule: CheckRule) -> None:
    assert [unit for unit in (*ATTACKS, *words(rule.pattern)) if not is_linear(rule, unit)] == []


def test_no_text_holds_a_shard_that_decides() -> None:
    units = [unit for pattern in PATTERNS.values() for unit in words(pattern)]
    assert [unit for unit in (*ATTACKS, *units) if not is_linear(None, unit)] == []


def redacting(pattern: RedactionPattern, text: str) -> float:
    """The least processor time of three."""
    times = []
    for _ in range(3):
        start = process_time()
        pattern.regex.sub("x", text)
        times.append(process_time() - start)
    return min(times)


REDACTED = [
    *ATTACKS, "sk-a-", "sk_", "sk-a1_", "eyJ-", "eyJ", "eyJaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ", "bearer ",
    "bearer", "://a:", "://", "password=", "x@-.", "x@y.", "+1 ", "+1 23", "123-45-", "hitl_a_", "hitl_", "AKIA", "xoxa-", "A1 ",
    "a1",
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(REDACTING)))
def test_no_text_holds_what_hides_secrets(number: int) -> None:
    pattern, slow = REDACTING[number], []
    for unit in REDACTED:
        short, long = (redacting(pattern, (unit * size)[:size]) for size in (SHORT, LONG))
        slow += [unit] if long > AT_MOST * max(short, NOISE_S) else []
    assert slow == []


def test_a_blank_of_another_alphabet_hides_nothing() -> None:
    assert [each.name for each in RULES if list(hits("drop\u00a0table x; \u00b2", [each]))] == ["sql-drop"]
    assert plain_lines("\u212aill\u3000the\u2029\u0661") == b"kill\tthe\n1"
