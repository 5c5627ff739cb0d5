"""Each mutation finds the word that it is for in a tree of a few lines, and says so when there is none."""

from pathlib import Path

import pytest

from tests.guards import mutations as m

FILES = {
    "hitl/machine/asked.py": "class Question: ...\nclass Command: ...\n",
    "hitl/review/events.py": "class Event: ...\nclass ReviewDecided(Event):\n    comment: str\nclass Opened(Event): ...\n",
    "hitl/review/questions.py": "class OutcomeOf(Question[OutcomeView]):\n    viewer: str\nclass Decide(Command[Done]): ...\n",
    "hitl/review/show.py": "def show():\n    return OutcomeView(outcome=1)\n",
    "hitl/review/answering.py": "def decide(command):\n    return ReviewDecided(id=1, comment=command.comment)\n",
    "hitl/review/evolve.py": "def evolve(event):\n    é = 1; return event.reviewer\n",
    "hitl/approval/made.py": 'class Fields(TypedDict): ...\ndef f() -> Fields:\n    return {"comment": 1}\n',
    "hitl/workflow/evolve.py": "def evolve(event):\n    return event.get('a'), event.reason\n",
    "hitl/audit/report.py": "match event:\n    case ReviewDecided():\n        pass\n",
    "serve_app/api/cases.py": "async def f(s):\n    found = await s.ask('a', OutcomeOf(viewer='x'))\n    return found.outcome\n",
}
SEARCHES = {
    "comment=": ("hitl.review", m.keyword_of("Event", "ReviewDecided", "comment"), "commet=command"),
    "key": ("hitl.approval", m.either(m.keyword_of("Event"), m.key_of_fields("comment")), '"commet": 1'),
    "reviewer": ("hitl.review", m.attribute_of("event"), "event.reviewr"),
    "command": ("hitl.review", m.attribute_of("command"), "command.commet"),
    "class": ("hitl.audit", m.name_of_event("ReviewDecided"), "case ReviewDecidd()"),
    "view": ("hitl.review", m.keyword_of_view, "OutcomeView(outcoe=1)"),
    "answer": ("serve_app.api", m.attribute_of_answer, "found.outcoe"),
    "question": ("serve_app", m.keyword_of("Question"), "OutcomeOf(viewr='x')"),
    "field": ("hitl.workflow", m.attribute_of("event"), "event.reasn"),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", SEARCHES)
def test_the_word_is_found_and_misspelt(tree: Path, name: str) -> None:
    under, search, misspelt = SEARCHES[name]
    spot = m.find(tree, under, search)
    spot.misspell()
    assert misspelt in spot.path.read_text(encoding="utf-8")


def test_a_mutation_that_finds_nothing_says_so(tree: Path) -> None:
    with pytest.raises(LookupError, match=r"nothing in hitl\.audit is left"):
        m.find(tree, "hitl.audit", m.keyword_of("Event"))


def test_the_file_is_what_it_was_when_its_bytes_are_written_back(tree: Path) -> None:
    spot = m.find(tree, "hitl.review", m.attribute_of("event"))
    spot.path.write_bytes(spot.misspell())
    assert spot.path.read_text(encoding="utf-8") == FILES["hitl/review/evolve.py"]
