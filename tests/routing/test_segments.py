"""A segment's terms are found by its name and parts, whatever characters a label has."""

import pytest

from hitl.routing.policy import Policy, policy_from
from hitl.routing.rules import MatchedRules, segment_of

LABELS = ["n/a", "a", "n", "large/a"]
OWN = {"automatic": 0.5, "normal": 0.4, "high": 0.3}


def policy(by_segment: dict[str, object], named: bool = False) -> Policy:
    segments = {"by_label": True, "named": [{"name": "large", "when": "true"}] if named else []}
    return policy_from({"segments": segments, "by_segment": by_segment}, LABELS, "x")


def automatic(terms: Policy, label: str, name: str = "") -> float:
    return terms.bands_of(segment_of(MatchedRules(named=name), label, True)).automatic


@pytest.mark.parametrize("other", ["a", "n"])
def test_a_label_with_a_slash_has_terms_of_its_own(other: str) -> None:
    assert automatic(policy({other: OWN}), "n/a") == 0.95
    assert automatic(policy({other: OWN}), other) == 0.5
    assert automatic(policy({"n/a": OWN}), "n/a") == 0.5


def test_a_label_with_a_slash_is_found_behind_a_named_segment() -> None:
    assert automatic(policy({"n/a": OWN}, named=True), "n/a", "large") == 0.5
    assert automatic(policy({"a": OWN}, named=True), "n/a", "large") == 0.95
    assert automatic(policy({"large": OWN}, named=True), "n/a", "other") == 0.95
    assert automatic(policy({"large/n/a": OWN}, named=True), "n/a", "large") == 0.5


def test_a_label_that_looks_like_two_parts_is_one() -> None:
    assert automatic(policy({"large/a": OWN}), "large/a") == 0.5
    assert automatic(policy({"a": OWN}), "large/a") == 0.95
