"""A judge beside people: agreement, what a verdict is worth, and verdicts as declared predictions."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from hitl.cli.commands import judges
from hitl.client import Client
from hitl.integrations.judges.agreement import JudgeVerdict, count_pairs, measure_agreement, read_verdicts
from hitl.integrations.judges.calibration import calibrate_judge, declared_prediction

LABELS = ["ham", "spam"]
PEOPLE = {"c1": "ham", "c2": "spam", "c3": "spam"}
SAID = [JudgeVerdict("c1", "ham"), JudgeVerdict("c2", "ham"), JudgeVerdict("c9", "spam"), JudgeVerdict("c3", "spam")]


def test_only_cases_that_both_know_are_counted_and_the_last_verdict_of_each() -> None:
    counts = count_pairs([*SAID, JudgeVerdict("c2", "spam")], PEOPLE)
    assert dict(counts) == {("ham", "ham"): 1, ("spam", "spam"): 2}


def test_agreement_by_chance_is_worth_nothing() -> None:
    """Cohen's example of two raters who say the same as often as chance would have it."""
    found = measure_agreement({("a", "a"): 25, ("a", "b"): 25, ("b", "a"): 25, ("b", "b"): 25})
    assert (found.share, found.kappa) == (0.5, 0.0)


def test_a_judge_that_always_says_the_one_label_has_no_kappa() -> None:
    assert measure_agreement({("a", "a"): 9}).kappa is None


def test_the_interval_of_few_cases_is_wide_and_within_bounds() -> None:
    found = measure_agreement({("a", "a"): 3})
    assert (found.high, 0.4 < found.low < 0.5) == (1.0, True)


def test_nothing_in_common_is_said() -> None:
    with pytest.raises(ValueError, match="no case has both"):
        measure_agreement(count_pairs(SAID, {}))


def test_a_verdict_is_worth_what_people_said_where_it_was_given() -> None:
    worth = calibrate_judge({("ham", "ham"): 8, ("ham", "spam"): 1}, LABELS)
    assert worth == {"ham": {"ham": 0.85, "spam": 0.15}, "spam": {"ham": 0.5, "spam": 0.5}}
    said = declared_prediction("ham", worth, ["spam", "ham"], "judge", "1")
    assert said == {"model": "judge", "version": "1", "probabilities": [0.15, 0.85]}


@pytest.mark.parametrize(
    ("line", "why"),
    [("{", "line 1 is no JSON"), ('{"label":"ham"}', "line 1 has no"), ('{"case_id":"c","label":"eggs"}', "none of ham, spam")],
)
def test_a_wrong_line_is_named(line: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_verdicts(line, LABELS)


class Service:
    """The routes that the commands call; ``declared`` are the cases that were opened."""

    def __init__(self) -> None:
        self.declared: list[tuple[str, Any]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/v1/examples":
            rows = [{"case_id": "c1", "label": "ham", "streams": ["gold"]}, {"case_id": "c2", "label": "spam", "streams": []}]
            return httpx2.Response(200, json={"examples": rows, "next": None})
        if request.method == "POST":
            self.declared.append((request.headers["idempotency-key"], json.loads(request.content)))
            return httpx2.Response(202, json={"case_id": "n", "status": "pending_human"})
        return httpx2.Response(200, json={"task": "mail", "labels": LABELS})


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()

    @contextmanager
    def asking(api: str | None, key: str | None) -> Iterator[Client]:
        with Client("http://hitl", key or "", transport=httpx2.MockTransport(made)) as client:
            yield client

    monkeypatch.setattr(judges, "client_of", asking)
    return made


def run(*arguments: str) -> str:
    result = CliRunner().invoke(judges.judges_app, [*arguments, "--key", "k"])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_commands_go_from_verdicts_to_declared_cases(service: Service, tmp_path: Path) -> None:
    verdicts, worth = tmp_path / "verdicts.jsonl", tmp_path / "worth.json"
    lines = [{"case_id": "c1", "label": "ham", "features": {"text": "a"}}, {"case_id": "c2", "label": "ham"}]
    verdicts.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert "2 cases: 50.0% agree" in run("agreement", "mail", str(verdicts), "--save", str(worth))
    run("declare", "mail", str(verdicts), str(worth), "--model", "judge", "--version", "7")
    key, body = service.declared[0]
    assert (key, body["features"], body["metadata"]) == ("judge:c1", {"text": "a"}, {"external_id": "c1"})
    assert body["predictions"] == [{"model": "judge", "version": "7", "probabilities": [0.5, 0.5]}]


def test_blind_cases_alone_on_request(service: Service, tmp_path: Path) -> None:
    verdicts = tmp_path / "verdicts.jsonl"
    verdicts.write_text('{"case_id":"c1","label":"ham"}\n{"case_id":"c2","label":"ham"}\n')
    assert "1 cases: 100.0% agree" in run("agreement", "mail", str(verdicts), "--blind")
