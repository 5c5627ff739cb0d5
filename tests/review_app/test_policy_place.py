"""Which part of a policy a refusal points at."""

from typing import Any

import pytest

from serve_app.api.services.policy_place import place_of

WORDS = "b." * 200_000 + "b"
"""As long as a body allows. Looking at each of its beginnings would take the better part of an hour."""


@pytest.mark.parametrize(
    ("key", "body", "place"),
    [
        ("", {}, "/policy"),
        ("risk.money", {"risk": "uncertified"}, "/policy/risk/money"),
        ("rules.large.when", {"rules": [{"name": "small"}, {"name": "large"}]}, "/policy/rules/1/when"),
        ("rules.1.when", {"rules": [{"name": "small"}, {"name": "large"}]}, "/policy/rules/1/when"),
        ("rules.2.when", {"rules": [{"name": "small"}, {"name": "large"}]}, "/policy/rules/2/when"),
        ("rules.v1.2.when", {"rules": [{"name": "v1"}, {"name": "v1.2"}]}, "/policy/rules/1/when"),
        ("by_segment.v1.2/x~.high", {"by_segment": {"v1.2/x~": {}}}, "/policy/by_segment/v1.2~1x~0/high"),
        ("automatic_labels.cat", {"automatic_labels": ["dog", "cat"]}, "/policy/automatic_labels/1"),
        ("automatic_labels.cat.v1", {"automatic_labels": ["dog", "cat.v1"]}, "/policy/automatic_labels/1"),
        (f"automatic_labels.{'9' * 5000}", {"automatic_labels": ["9" * 5000]}, "/policy/automatic_labels/0"),
    ],
)
def test_the_part_is_found_by_its_name(key: str, body: dict[str, Any], place: str) -> None:
    assert place_of(key, body) == place


def test_a_name_of_many_words_is_one_part() -> None:
    assert place_of(f"by_segment.a.{WORDS}", {"by_segment": {"a": {WORDS: 1}}}) == f"/policy/by_segment/a/{WORDS}"


def test_many_words_of_nothing_are_as_many_parts() -> None:
    assert place_of(f"risk.{WORDS}", {"risk": 1}).count("/") == WORDS.count(".") + 3
