"""Task files: a wrong one stops the start with the key's name."""

from pathlib import Path

import pytest
import yaml

from hitl.errors import InvalidConfig
from hitl.tasks import load_task, load_tasks

FILES = Path("configs/tasks")
TEXT = (FILES / "digits.yaml").read_text(encoding="utf-8")


def changed(**changes: object) -> str:
    return yaml.safe_dump({**yaml.safe_load(TEXT), **changes})


def test_shipped_tasks_load() -> None:
    shipped = {"digits", "breast_cancer", "sms_spam", "tweets", "ktas_triage", "german_credit"}
    assert set(load_tasks(FILES.glob("*.yaml"))) == shipped


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (changed(colour="red"), "colour"),
        (changed(review={"lease_s": "two minutes"}), "review.lease_s"),
        (changed(review={"lease_minutes": 2}), "review.lease_minutes"),
        (changed(review={"lease_s": -1.0}), "review.lease_s"),
        (changed(approval={"quorum": 0}), "approval.quorum"),
        (changed(policy={"automatic": 1.5}), "policy.automatic"),
        (changed(labels=["only one"]), "labels"),
        (changed(risk="ignored"), "risk"),
        (changed(input={"kind": "text", "max_chars": 0}), "input.text.max_chars"),
        (changed(input={"kind": "fields", "fields": [{"name": "sex", "values": ["only one"]}]}), "input.fields.fields.0"),
        (changed(risk={"level": 0.0}), "risk.level"),
        (changed(risk={"level": 1.0}), "risk.level"),
        (changed(risk={"level": 0.05, "confidence": 0.0}), "risk.confidence"),
        (changed(risk={"level": 0.05, "segments": {"vip": {"level": 0.02}}}), "risk.segments.vip"),
        (changed(risk={"level": 0.05, "maturity_hours": -1.0}), "risk.maturity_hours"),
        (changed(sampling={"gold": 1.1}), "sampling.gold"),
        (changed(sampling={"audit": -0.1}), "sampling.audit"),
        (changed(sampling={"cold": 2.0}), "sampling.cold"),
        (changed(policy={"rules": [{"name": "big", "when": "metadata.amount >", "effect": "review"}]}), "rules"),
        (changed(policy={"segments": {"named": [{"name": "big", "when": "1 +"}]}}), "segments"),
        (changed(policy={"by_segment": {"vip": {"automatic": 0.99}}}), "by_segment.vip"),
        (changed(policy={"automatic_labels": ["eleven"]}), "automatic_labels.eleven"),
        (changed(policy={"costs": {"review": -1.0}}), "policy.costs.review"),
        (changed(review={"consensus": {"target": 1.0}}), "review.consensus.target"),
        (changed(review={"consensus": {"max_answers": 0}}), "review.consensus.max_answers"),
        (changed(review={"overlap": 0}), "review.overlap"),
        (changed(review={"expert_validation": 1.5}), "review.expert_validation"),
        (changed(review={"known": {"share": 0.5}}), "review.known.share"),
        (changed(review={"known": {"share": 0.1, "wrong": 2.0}}), "review.known.wrong"),
        (changed(approval={"shadow": 1.5}), "approval.shadow"),
        (changed(approval={"shadow": 0.0}), "approval.shadow"),
        (changed(approval={"canary": {"steps": [0.5]}}), "approval.canary"),
        (changed(overrides={"max_share": 1.5}), "overrides.max_share"),
    ],
)
def test_wrong_file_is_refused_by_the_name_of_its_key(text: str, key: str) -> None:
    with pytest.raises(InvalidConfig) as refused:
        load_task(text, "a.yaml")
    assert key in refused.value.key


def test_a_text_with_a_model_that_cannot_read_is_refused() -> None:
    with pytest.raises(InvalidConfig, match="a task over text needs"):
        load_task(changed(input={"kind": "text"}), "a.yaml")


def test_overrides_of_sealed_inputs_are_refused() -> None:
    with pytest.raises(InvalidConfig, match="could not be compared"):
        load_task(changed(sealed=True, overrides={}), "a.yaml")


def test_bands_out_of_order_are_refused() -> None:
    with pytest.raises(InvalidConfig, match=r"policy: .*automatic >= normal >= high"):
        load_task(changed(policy={"automatic": 0.5, "normal": 0.8}), "a.yaml")


def test_what_is_not_yaml_is_refused() -> None:
    with pytest.raises(InvalidConfig, match="not YAML"):
        load_task("task: [", "a.yaml")


def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    with pytest.raises(InvalidConfig, match="defined twice"):
        load_tasks(tmp_path.glob("*.yaml"))
