"""The configured rules: who is asked for which kind, and that a wrong file stops the start."""

from pathlib import Path

import pytest

from hitl.approval.rules_file import load_rules
from hitl.errors import InvalidConfig

OURS = load_rules(Path("configs/approvals.yaml"))


@pytest.mark.parametrize(
    ("kind", "groups"),
    [
        pytest.param("code_execution", ["senior_developer", "security_team"], marks=pytest.mark.covers("000-61")),
        pytest.param("content_publishing", ["content_team", "legal"], marks=pytest.mark.covers("000-62")),
        pytest.param(
            "model_deployment", ["ml_engineer", "product_manager", "compliance_officer"], marks=pytest.mark.covers("000-63")
        ),
    ],
)
def test_each_kind_asks_its_groups(kind: str, groups: list[str]) -> None:
    assert OURS.of(kind).ask == groups


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("kinds: {code_execution: {ask: [ghosts]}}", ""),
        ("kinds: {holiday: {}}", "kinds"),
        ("remind_at: [2.0]", "remind_at.0"),
        ("groups: {a: [b c]}", "groups.a.0"),
        ("surprise: 1", "surprise"),
        ("a: b: c", ""),
    ],
)
def test_a_wrong_file_names_its_key(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "approvals.yaml"
    file.write_text(text)
    with pytest.raises(InvalidConfig) as refusal:
        load_rules(file)
    assert str(refusal.value.args[1]).startswith(key)


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfig, match="cannot be read"):
        load_rules(tmp_path / "none.yaml")


@pytest.mark.covers("000-64", "000-65", "000-66")
def test_the_chain_has_the_rules_of_the_documents() -> None:
    assert [step.rule for step in OURS.on_timeout] == ["escalate_to_manager"]
    assert OURS.on_rejection
    assert OURS.on_rejection.rule == "notify_stakeholders"
    assert OURS.on_high_risk
    assert OURS.on_high_risk.rule == "require_c_level_approval"
