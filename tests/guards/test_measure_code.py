"""The measure of the code finds what it is for, in a tree of a few lines."""

from pathlib import Path

import pytest

from tests.measure import code_facts as facts
from tests.measure import code_imports as imports
from tests.measure.code_source import Module, comments_of, read_modules

EVENTS = "class Event: ...\nclass Opened(Event): ...\nclass Late(Opened): ...\n"


def tree(root: Path, files: dict[str, str]) -> dict[str, Module]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for folder in {file.parent for file in root.rglob("*.py")}:
        (folder / "__init__.py").touch()
    return read_modules(root)


def one(root: Path, text: str) -> Module:
    return tree(root, {"hitl/a/one.py": text})["hitl.a.one"]


@pytest.mark.parametrize("text", ["x: dict[str, Any]", "x: Mapping[str, Any]", "def f() -> list[dict[str, t.Any]]: ..."])
def test_a_dictionary_of_anything_counts(tmp_path: Path, text: str) -> None:
    assert len(list(facts.any_dictionaries(one(tmp_path, text)))) == 1


@pytest.mark.parametrize("text", ["x: dict[str, int]", "x: Any", "x = rows['Any']"])
def test_a_dictionary_of_something_does_not(tmp_path: Path, text: str) -> None:
    assert list(facts.any_dictionaries(one(tmp_path, text))) == []


def test_an_alias_hides_nothing(tmp_path: Path) -> None:
    module = one(tmp_path, "Json = dict[str, Any]\ndef f(a: Json) -> Json: ...\n")
    assert facts.aliases_used(module, facts.aliases_of(module)) == 2


@pytest.mark.parametrize(
    "text", ["event['by']", "event.get('by')", "kind = each.event['type']", "kind == 'Opened'", "{'Late': 1}"]
)
def test_a_look_at_an_event_by_string_counts(tmp_path: Path, text: str) -> None:
    modules = tree(tmp_path, {"hitl/a/events.py": EVENTS, "hitl/a/one.py": text})
    events = facts.declared_events(modules.values())
    assert len(list(facts.event_lookups(modules["hitl.a.one"], events))) == 1


@pytest.mark.parametrize("text", ["event.by", "event[key]", "row['by']", "kind == 'Other'"])
def test_an_attribute_of_an_event_does_not(tmp_path: Path, text: str) -> None:
    modules = tree(tmp_path, {"hitl/a/events.py": EVENTS, "hitl/a/one.py": text})
    assert list(facts.event_lookups(modules["hitl.a.one"], facts.declared_events(modules.values()))) == []


def test_a_file_that_a_script_writes_is_told_from_the_others(tmp_path: Path) -> None:
    files = {"hitl/a/one.py": '"""Types.\n\nWritten by `python docs/make_x.py`."""\n', "hitl/a/two.py": '"""Types."""\n'}
    modules = tree(tmp_path, files)
    assert [modules[f"hitl.a.{name}"].is_generated for name in ("one", "two")] == [True, False]


def test_a_cycle_of_packages_is_found_and_one_inside_a_package_is_not(tmp_path: Path) -> None:
    files = {
        "hitl/a/one.py": "from hitl.b.two import x",
        "hitl/b/two.py": "from hitl.c import three",
        "hitl/c/three.py": "def f():\n    import hitl.a.one\n",
        "hitl/d/four.py": "from hitl.d.inner import five",
        "hitl/d/inner/five.py": "from .. import four",
    }
    modules = tree(tmp_path, files)
    assert imports.cycles(imports.package_graph(modules, imports.import_graph(modules))) == [["hitl.a", "hitl.b", "hitl.c"]]


def test_a_shell_in_the_core_is_found_and_the_command_line_may(tmp_path: Path) -> None:
    files = {"hitl/a/one.py": "from serve_app.x import y", "hitl/cli/up.py": "import serve_app.x", "serve_app/x.py": ""}
    graph = imports.import_graph(tree(tmp_path, files))
    assert imports.crossings(graph, "hitl", ("serve_app", "training"), "hitl.cli") == ["hitl.a.one -> serve_app.x"]


def test_a_public_class_name_of_two_modules_is_found(tmp_path: Path) -> None:
    text = "class Plan: ...\nclass _Row: ...\n"
    modules = tree(tmp_path, {"hitl/a/one.py": text, "hitl/b/two.py": text})
    assert facts.homonyms(modules.values()) == {"Plan": ["hitl.a.one", "hitl.b.two"]}


def test_names_are_split_into_words(tmp_path: Path) -> None:
    module = one(tmp_path, "class ReviewAnswer:\n    def read_answer(self, case_id): ...\n")
    assert facts.words([module]) == {"review": 1, "answer": 2, "read": 1, "case": 1, "id": 1}


def test_comments_count_and_directives_do_not(tmp_path: Path) -> None:
    assert comments_of(one(tmp_path, "x = 1  # why\ny = 2  # noqa: E501\n# because\n")) == 2
