"""A policy's changes, field by field."""

from hitl.routing.policy_changes import policy_changes


def test_a_field_that_differs_is_listed_with_both_values() -> None:
    assert policy_changes({"automatic": 0.95, "normal": 0.8}, {"automatic": 0.85, "normal": 0.8}) == [
        {"path": "automatic", "before": 0.95, "after": 0.85}
    ]


def test_a_rule_is_named_by_its_name_and_not_by_its_place() -> None:
    before = {"rules": [{"name": "a", "when": "x > 1"}, {"name": "b", "when": "y"}]}
    after = {"rules": [{"name": "b", "when": "y"}, {"name": "a", "when": "x > 2"}]}
    assert {"path": "rules.a.when", "before": "x > 1", "after": "x > 2"} in policy_changes(before, after)


def test_an_order_of_rules_that_changes_is_a_change() -> None:
    before = {"rules": [{"name": "a"}, {"name": "b"}]}
    after = {"rules": [{"name": "b"}, {"name": "a"}]}
    assert policy_changes(before, after) != []


def test_equal_policies_have_no_changes() -> None:
    assert policy_changes({"rules": [{"name": "a"}]}, {"rules": [{"name": "a"}]}) == []


def test_a_list_that_becomes_empty_is_a_change() -> None:
    assert policy_changes({"automatic_labels": None}, {"automatic_labels": []}) != []
    assert policy_changes({"automatic_labels": ["ham"]}, {"automatic_labels": []}) != []
