"""What a definition is, what another one changes in it, and what a process knows of those that came into force."""

from pathlib import Path
from typing import Any

import pytest

from hitl.errors import InvalidConfig
from hitl.tasks import TaskSpec, load_tasks
from hitl.tasks.book import Definition, TaskBook, definition_at
from hitl.tasks.definition import body_of, definition_digest, say_the_same, spec_of
from hitl.tasks.definition_changes import describe_changes, fixed_key, is_fitting

FILES = [*sorted(Path("configs/tasks").glob("*.yaml")), *sorted(Path("examples/tasks").glob("*.yaml"))]


def digits(**more: Any) -> TaskSpec:
    return spec_of({**body_of(load_tasks([Path("configs/tasks/digits.yaml")])["digits"]), **more})


def labels(*names: str) -> TaskSpec:
    return digits(labels=list(names))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_comes_back_from_its_body(file: Path) -> None:
    (spec,) = load_tasks([file]).values()
    body = body_of(spec)
    assert say_the_same(spec_of(body), spec)
    assert body_of(spec_of(body)) == body


def test_a_default_that_is_written_out_says_the_same_under_another_digest() -> None:
    one, other = digits(), digits(groups=[])
    assert say_the_same(one, other)
    assert definition_digest(body_of(one)) != definition_digest(body_of(other))


def test_a_wrong_definition_names_its_key() -> None:
    with pytest.raises(InvalidConfig, match="labels"):
        labels("one")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (("a", "b"), ("a", "b", "c"), ['The label "c" is added.']),
        (("a", "b", "c"), ("a", "b"), ['The label "c" is removed.']),
        (("a", "b", "c"), ("a", "b", "d"), ['The label "c" is renamed to "d".']),
        (("a", "b", "c"), ("d", "a"), ['The label "b" is removed.', 'The label "c" is removed.', 'The label "d" is added.']),
        (("a", "b"), ("b", "a"), ["The order of the labels changes: b, a."]),
    ],
)
def test_labels_that_change_are_told_in_words(before: tuple[str, ...], after: tuple[str, ...], words: list[str]) -> None:
    *told, models = describe_changes(labels(*before), labels(*after))
    assert told == words
    assert "do not fit" in models


def test_a_changed_term_is_told_by_its_path_and_changes_no_model() -> None:
    one, other = digits(), digits(review={"lease_s": 60.0, "undo_s": 10.0})
    assert describe_changes(one, other) == ["review.lease_s changes from 120.0 to 60.0."]
    assert is_fitting(one, other)


def test_a_field_that_is_no_longer_hidden_is_told_however_many_there_are() -> None:
    names = tuple(f"field_{number}" for number in range(40))
    told, *_ = describe_changes(of_fields("field_39", names=names), of_fields(names=names))
    assert told == "input.fields.field_39.sensitive changes from true to false."


def test_a_new_task_and_one_that_is_taken_away_are_told_as_such() -> None:
    assert describe_changes(None, labels("a", "b")) == ["The task is new: Handwritten digits. Its labels are a, b."]
    (gone,) = describe_changes(digits(), None)
    assert gone.startswith("The task is taken away: it takes no more cases.")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"risk": {"level": 0.05}, "policy": {}}, "risk"),
        ({"sampling": {"random": 0.5}}, "sampling"),
        ({"labels": ["1", "2", "3"], "answer": {"kind": "scale", "points": 3}}, "answer"),
    ],
)
def test_what_cannot_be_changed_in_place_is_named_with_what_to_do(change: dict[str, Any], key: str) -> None:
    found = fixed_key([digits()], digits(**change))
    assert found is not None
    assert found[0].split(".")[0] == key
    assert "the key as it is" in found[1]


def hidden(**more: Any) -> TaskSpec:
    return digits(input={**digits().input.model_dump(exclude_unset=True), "sensitive": True}, **more)


def of_fields(*sensitive: str, names: tuple[str, ...] = ("age", "sex"), **more: Any) -> TaskSpec:
    fields = [{"name": name, "min": 0.0, "max": 1.0, "sensitive": name in sensitive} for name in names]
    return digits(input={"kind": "fields", "fields": fields}, **more)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        (digits(sealed=True), digits(), "sealed"),
        (hidden(), digits(), "sealed"),
        (hidden(), digits(sealed=True), "input"),
        (digits(sensitive_metadata=["name", "street"]), digits(sensitive_metadata=["name"]), "sensitive_metadata"),
        (of_fields("age", "sex"), of_fields("age"), "input"),
        (of_fields("age"), of_fields("sex"), "input"),
        (hidden(), of_fields("age"), "input"),
        (of_fields("age"), of_fields("/", names=("age", "/")), "input"),
        (hidden(), of_fields("/", names=("age", "/")), "input"),
    ],
)
def test_what_was_sealed_or_hidden_stays_so(before: TaskSpec, after: TaskSpec, key: str) -> None:
    found = fixed_key([before], after)
    assert found is not None
    assert found[0] == key
    assert "as sensitive as before" in found[1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (digits(), digits(sealed=True)),
        (digits(), hidden()),
        (digits(), of_fields()),
        (of_fields("age"), hidden()),
        (of_fields("age"), of_fields("age", "sex")),
        (of_fields("age", "sex"), of_fields("age", "new", names=("age", "new"))),
        (digits(), digits(sensitive_metadata=["name"])),
        (digits(), digits(model={"family": "sklearn.linear_model.LogisticRegression"})),
    ],
)
def test_inputs_families_and_more_sealing_can_be_changed_in_place(before: TaskSpec, after: TaskSpec) -> None:
    assert fixed_key([before], after) is None


@pytest.mark.parametrize(
    ("between", "after"),
    [
        (of_fields("sex", names=("sex",)), of_fields("sex")),
        (of_fields(names=("sex",), sealed=True), of_fields(sealed=True)),
        (of_fields("sex", names=("sex",)), digits(sealed=True)),
    ],
)
def test_what_was_ever_hidden_is_hidden_when_it_comes_back(between: TaskSpec, after: TaskSpec) -> None:
    earlier = [of_fields("age"), between]
    assert fixed_key(earlier[:1], between) is None, "a field that is asked for no more may go"
    found = fixed_key(earlier, after)
    assert found is not None
    assert "as sensitive as before" in found[1]


def test_a_model_fits_what_is_hidden_from_people_alone_and_not_another_input_or_family() -> None:
    assert is_fitting(digits(), hidden())
    assert not is_fitting(digits(), of_fields())
    assert not is_fitting(digits(), digits(model={"family": "sklearn.linear_model.LogisticRegression"}))


def test_labels_people_terms_and_learning_terms_can_be_changed_in_place() -> None:
    other = digits(labels=["0", "1"], title="Digits", review={"overlap": 2, "undo_s": 0.0}, answer={"none": False})
    assert fixed_key([digits()], other) is None


def test_a_book_shows_files_until_it_learns_definitions() -> None:
    book = TaskBook({"digits": labels("a", "b")})
    assert book["digits"].labels == ["a", "b"]
    assert book.learn([Definition("digits", 0, "d0", labels("a", "c"))])
    assert not book.learn([Definition("digits", 0, "d0", labels("a", "c"))])
    assert (book["digits"].labels, book.adopted()) == (["a", "c"], {})


def test_a_book_knows_what_defined_a_case_of_each_generation() -> None:
    book = TaskBook({}, [Definition("digits", 7, "d7", labels("x", "y")), Definition("digits", 0, "d0", labels("a", "b"))])
    found = [definition_at(book, "digits", generation) for generation in (0, 6, 7, 8)]
    assert [spec and spec.labels for spec in found] == [["a", "b"], ["a", "b"], ["x", "y"], ["x", "y"]]
    assert (book["digits"].labels, book.adopted()) == (["x", "y"], {"digits": "d7"})


def test_a_task_that_was_taken_away_still_defines_its_cases() -> None:
    book = TaskBook({}, [Definition("digits", 0, "d0", labels("a", "b")), Definition("digits", 3, "gone", None)])
    assert "digits" not in book.in_force()
    found = definition_at(book, "digits", 2)
    assert found is not None
    assert found.labels == ["a", "b"]
