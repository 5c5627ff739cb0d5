"""Task files: a wrong one stops the start with the key's name."""

import pydoc
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from hitl.errors import InvalidConfig
from hitl.inference.families import FAMILIES
from hitl.inference.torch_fit import MlpParams
from hitl.tasks import load_task, load_tasks
from hitl.yaml_text import from_yaml

FILES = Path("configs/tasks")
TEXT = (FILES / "digits.yaml").read_text(encoding="utf-8")


def changed(**changes: object) -> str:
    return yaml.safe_dump({**yaml.safe_load(TEXT), **changes})


def test_shipped_tasks_load() -> None:
    shipped = {"digits", "breast_cancer", "sms_spam", "tweets", "ktas_triage", "german_credit"}
    assert set(load_tasks(FILES.glob("*.yaml"))) == shipped


def test_a_wrong_key_can_be_taken_back_in_every_shipped_task() -> None:
    assert {spec.review.undo_s for spec in load_tasks(FILES.glob("*.yaml")).values()} == {10.0}


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
        (changed(review={"gold_answers": "three"}), "review.gold_answers"),
        (changed(review={"random_answers": "one_and_expert_where_it_differs"}), "review"),
        (changed(review={"consensus": {"difficulty": "by_item"}}), "review"),
        (changed(vault={"share": 1.5}), "vault.share"),
        (changed(vault={"days": 0.0}), "vault.days"),
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


def model(**search: object) -> dict[str, object]:
    return {"family": "torch_mlp", "search": search}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (changed(labels=["x" * 201, "b"]), "labels"),
        (changed(labels=["a\x00", "b"]), "labels"),
        (changed(labels=["a\n", "b"]), "labels"),
        (changed(labels=["", "b"]), "labels"),
        (changed(labels=[" ", "b"]), "labels"),
        (changed(labels=["\u200b", "b"]), "labels"),
        (changed(labels=["a", "a"]), "labels"),
        (changed(labels=["a", "a "]), "labels"),
        (changed(labels=["a b", "a  b"]), "labels"),
        (changed(labels=["a", "a\u200d"]), "labels"),
        (changed(labels=["Yes", "yes"]), "labels"),
        (changed(labels=["caf\u00e9", "cafe\u0301"]), "labels"),
        (changed(labels=["1", "\uff11"]), "labels"),
        (changed(data={"source": "x", "initial_rows": 1, "holdout_rows": 1, "form": {"label_names": {"1": "x"}}}), "data.form"),
        (changed(data={"source": "x", "initial_rows": 1, "holdout_rows": 1, "form": {"columns": ["a"]}}), "data.form"),
        (changed(data={"source": "x", "initial_rows": 1, "holdout_rows": 1, "form": {"delimiter": "\n"}}), "data.form.delimiter"),
        (changed(model=model(hidden={"type": "int", "low": 9, "high": 1})), "model.search.hidden"),
        (
            changed(model=model(learning_rate={"type": "float", "low": 0.0, "high": 1.0, "log": True})),
            "model.search.learning_rate",
        ),
        (changed(model=model(hidden={"type": "int", "low": 0, "high": 1, "log": True})), "model.search.hidden"),
        (changed(model=model(learning_rate={"type": "float", "low": 0.1, "high": float("inf")})), "model.search.learning_rate"),
        (changed(model=model(width={"type": "int", "low": 1, "high": 2})), "model.search.width"),
        (changed(model={"family": "torch_mlp", "params": {"width": 2}}), "model.params.width"),
        (changed(input={"kind": "vector", "size": 2, "min": 1.0, "max": 0.0}), "input.vector"),
        (changed(input={"kind": "vector", "size": 2, "min": 0.0, "max": float("inf")}), "input.max"),
        (changed(input={"kind": "vector", "size": 2, "min": 0.0, "max": 1.0, "shape": [2, 2]}), "input.vector"),
        (changed(input={"kind": "fields", "fields": [{"name": "n", "min": 5.0, "max": 1.0}]}), "input.fields.fields.0"),
        (changed(input={"kind": "fields", "fields": [{"name": "c", "values": ["a", "a"]}]}), "input.fields.fields.0"),
        (changed(input={"kind": "fields", "fields": [{"name": "", "values": ["a", "b"]}]}), "input.fields.fields.0"),
        (changed(input={"kind": "fields", "fields": [{"name": "n", "values": ["a", "b"]}] * 2}), "input.fields.fields"),
        (TEXT + "\nlabels: [a, b]\n", "labels"),
        (TEXT.replace("title:", "title: 2020-01-01 #"), "title"),
        (TEXT.replace("title:", "title: 2020-99-01 #"), "cannot be read"),
        (changed(title=b"bytes"), "title"),
        (changed(labels=[True, False]), "labels.0"),
        ("a: &a [*a]", "levels"),
        ("a: [1", "not YAML"),
    ],
)
def test_a_task_that_could_not_work_is_refused_with_its_key(text: str, key: str) -> None:
    with pytest.raises(InvalidConfig) as refused:
        load_task(text, "t.yaml")
    assert key in f"{refused.value.key} {refused.value.why}"


@pytest.mark.parametrize(
    "labels", [["x" * 200, "b"], ["n/a", "a"], ["ß", "s"], ["été", "ete"], ["👍", "👎"], ["是", "否"], ["-", "+"]]
)
def test_labels_that_people_tell_apart_are_kept(labels: list[str]) -> None:
    assert load_task(changed(labels=labels), "t.yaml").labels == labels


def test_a_key_is_read_as_written() -> None:
    form = "{label_names: {01: '0', 1e5: '1', yes: '2'}}"
    data = f"data: {{source: x, initial_rows: 1, holdout_rows: 1, form: {form}}}"
    spec = load_task(changed(data={}).replace("data: {}", data), "t.yaml")
    assert spec.data.form.label_names == {"01": "0", "1e5": "1", "yes": "2"}


def test_yaml_that_is_wrong_is_refused_without_its_text() -> None:
    with pytest.raises(InvalidConfig) as refused:
        load_task("task: t\nsecret: {hunter2", "t.yaml")
    assert "line" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_merged_mapping_may_be_overridden() -> None:
    assert from_yaml("a: &a {x: 1}\nb: {<<: *a, x: 2}", "t.yaml")["b"] == {"x": 2}


def test_the_families_know_their_parameters() -> None:
    for name, family in FAMILIES.items():
        if name.startswith("sklearn."):
            assert family.parameters is not None
            assert family.parameters >= pydoc.locate(name)().get_params().keys()  # type: ignore[operator]
    assert FAMILIES["torch_mlp"].parameters == {field.name for field in fields(MlpParams)}


def test_none_of_these_is_offered_unless_the_task_says_no() -> None:
    spec = load_task(TEXT, "digits")
    assert spec.answers == [*spec.labels, "none_of_these"]
    assert spec.none_answer == "none_of_these"
    closed = load_task(changed(answer={"none": False}), "digits")
    assert closed.answers == closed.labels
    assert closed.none_answer is None


def test_a_label_that_reads_like_none_of_these_is_refused_where_that_is_offered() -> None:
    labels = ["NONE_of_these", *"123456789"]
    with pytest.raises(InvalidConfig, match=r"answer: \{none: false\}"):
        load_task(changed(labels=labels), "digits")
    assert load_task(changed(labels=labels, answer={"none": False}), "digits").answers == labels


INVOICES = yaml.safe_load(Path("examples/tasks/declared_invoices.yaml").read_text())


def test_a_task_may_ask_for_fields() -> None:
    spec = load_task(yaml.safe_dump(INVOICES), "invoices")
    assert spec.fields is not None
    assert (spec.labels, spec.answers) == (["as_declared", "corrected"], ["as_declared", "none_of_these"])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"labels": ["a", "b"]}, "leave them out"),
        ({"review": {"consensus": {"target": 0.9}}}, "without overrides"),
        ({"review": {"known": {"share": 0.1, "suggested": 0.5}}}, "suggested"),
        ({"answer": {"kind": "polygon"}}, "annotation tool"),
        ({"model": {"family": "onnx"}}, "model.family: declared|labelled rows"),
    ],
)
def test_fields_that_nothing_could_work_with_are_refused_in_words(change: dict[str, object], why: str) -> None:
    with pytest.raises(InvalidConfig, match=why):
        load_task(yaml.safe_dump(INVOICES | change), "invoices")
