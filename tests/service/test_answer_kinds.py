"""Answers of every kind on the running service: from the example task and card to a person's answer and what is exported."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from hitl.cli.commands import accounts
from hitl.client import Client
from hitl.client.errors import ApiError
from hitl.identity import Role
from tests.example_tasks import running_examples, serve_card
from tests.running import Running, claim, until

pytestmark = [pytest.mark.slow, pytest.mark.service]

VERSION = "2026-11-28"


@dataclass(frozen=True)
class Kind:
    """An example task, its card and who declares; ``features`` of a case, and what is declared of it."""

    task: str
    card: str
    model: str
    declarer: str
    features: dict[str, Any]
    said: dict[str, Any]


ASKED = {"role": "user", "content": "Where is my parcel?"}
CHAT = {"messages": [ASKED, {"role": "assistant", "content": "I dont know."}]}
PAIR = {"question": "What is 2 + 2?", "one": "It is 4.", "two": "It is 5."}
KINDS = {
    "labels": Kind(
        "declared_topics",
        "topic_tagger",
        "topic-tagger",
        "support-pipeline",
        {"text": "You billed me twice, and the parcel never came."},
        {"value": {"labels": ["delivery", "billing"]}, "score": 0.8},
    ),
    "number": Kind(
        "declared_repair_hours",
        "repair_estimator",
        "repair-estimator",
        "workshop-pipeline",
        {"age_years": 4, "parts": 3, "machine": "lathe"},
        {"value": {"number": 10}, "score": 0.7},
    ),
    "verdict": Kind("chat_verdicts", "answer_judge", "answer-judge", "answer-pipeline", CHAT, {"label": "approve", "score": 0.9}),
    "pair": Kind("answer_pairs", "pair_judge", "pair-judge", "judge-pipeline", PAIR, {"label": "first", "score": 0.9}),
    "scale": Kind(
        "helpfulness_scale", "helpfulness_judge", "helpfulness-judge", "judge-pipeline", CHAT, {"label": "2", "score": 0.6}
    ),
}


@dataclass(frozen=True)
class Answers:
    service: Running
    keys: dict[str, str]

    def declare(self, kind: Kind, **changes: Any) -> dict[str, Any]:
        said = {"model": kind.model, "version": VERSION, **kind.said, **changes}
        with Client(self.service.url, self.keys[kind.declarer]) as bot:
            return dict(bot.declare(kind.task, kind.features, [said]))

    def told(self, kind: Kind, case_id: str) -> dict[str, Any]:
        with Client(self.service.url, self.keys[kind.declarer]) as bot:
            return dict(bot.decision(case_id, wait_s=10.0))

    def example(self, kind: Kind, case_id: str) -> dict[str, Any]:
        with self.service.as_("trainer") as trainer:
            rows = trainer.examples(kind.task)["examples"]
        assert case_id in [row["case_id"] for row in rows]
        return next(dict(row) for row in rows if row["case_id"] == case_id)

    def claim(self, who: str, kind: Kind, case_id: str) -> dict[str, Any]:
        """The review of the case; others of the queue that come first are answered away."""
        with self.service.as_(who) as person:
            while (review := claim(person, kind.task))["case_id"] != case_id:
                person.answer(review["review_id"], review["lease"]["id"], review["form"]["none_answer"] or "as_declared")
            return review

    def answer(self, who: str, review: dict[str, Any], label: str = "", **said: Any) -> dict[str, Any]:
        with self.service.as_(who) as person:
            return dict(person.answer(review["review_id"], review["lease"]["id"], label, **said))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    with running_examples(tmp_path_factory.mktemp("answers"), *(kind.task for kind in KINDS.values())) as service:
        bots = {kind.declarer for kind in KINDS.values()}
        made = Answers(service, accounts.issue_all(service.state.redis_url, dict.fromkeys(bots, (Role.CLIENT, Role.DECLARER))))
        for kind in KINDS.values():
            serve_card(service, kind.card, kind.task)
        for kind in KINDS.values():
            until(lambda kind=kind: made.declare(kind)["prediction"] is not None)
        yield made


def test_a_set_of_labels_is_corrected_as_a_whole(answers: Answers) -> None:
    kind = KINDS["labels"]
    told = answers.declare(kind)
    assert (told["prediction"], told["value"]) == ("as_declared", {"labels": ["billing", "delivery"]})
    review = answers.claim("ada", kind, told["case_id"])
    assert review["form"]["fields"][0] == review["form"]["fields"][0] | {
        "name": "labels",
        "type": "choices",
        "title": "Labels",
        "values": ["billing", "delivery", "account", "product", "complaint"],
        "required": True,
    }
    with pytest.raises(ApiError, match="/value/labels"):
        answers.answer("ada", review, value={"labels": ["rain"]})
    said = answers.answer("ada", review, value={"labels": ["complaint", "billing", "delivery"]})
    assert said["label"].startswith("corrected:")
    assert answers.told(kind, told["case_id"])["value"] == {"labels": ["billing", "delivery", "complaint"]}


def test_a_set_in_another_order_confirms_the_model(answers: Answers) -> None:
    kind = KINDS["labels"]
    told = answers.declare(kind)
    said = answers.answer("ada", answers.claim("ada", kind, told["case_id"]), value={"labels": ["delivery", "billing"]})
    assert said["label"] == "as_declared"


def test_a_rule_about_the_declared_labels_names_itself(answers: Answers) -> None:
    told = answers.declare(KINDS["labels"], value={"labels": ["complaint"]})
    assert "a complaint is always read by a person" in json.dumps(told["route"])


@pytest.mark.parametrize(("number", "label"), [(10.5, "as_declared"), (11, "as_declared"), (12, "corrected")])
def test_a_number_is_right_within_the_tasks_tolerance(answers: Answers, number: float, label: str) -> None:
    kind = KINDS["number"]
    told = answers.declare(kind)
    said = answers.answer("ada", answers.claim("ada", kind, told["case_id"]), value={"number": number})
    assert said["label"].partition(":")[0] == label
    stands = 10 if label == "as_declared" else number
    assert answers.told(kind, told["case_id"])["value"] == {"number": stands}
    assert answers.example(kind, told["case_id"])["value"] == {"number": stands}


def test_a_rejection_has_reasons_and_a_correction_that_only_people_of_the_case_read(answers: Answers) -> None:
    kind = KINDS["verdict"]
    told = answers.declare(kind)
    review = answers.claim("ada", kind, told["case_id"])
    assert review["form"]["answer"]["contents"] == [{"path": "/messages/-1/content", "label": None}]
    assert [field["name"] for field in review["form"]["answer"]["beside"]["reject"]] == ["reasons", "correction"]
    correction = {"reasons": ["incomplete"], "correction": "It arrives on Monday.\n\nHortensia"}
    for wrong in ({"label": "approve", "value": correction}, {"value": correction}, {"label": "reject", "value": {"mood": "x"}}):
        with pytest.raises(ApiError, match="/value"):
            answers.answer("ada", review, **wrong)
    said = answers.answer("ada", review, "reject", value=correction)
    assert (said["label"], said["agrees_with_model"]) == ("reject", False)
    found = answers.told(kind, told["case_id"])
    assert (found["outcome"]["label"], found["value"]) == ("reject", correction)
    assert answers.example(kind, told["case_id"])["value"] == correction
    with answers.service.as_("operator") as operator:
        history = json.dumps([operator.journal_state(row["shard"]) for row in operator.journal()["shards"]])
    assert told["case_id"] in history
    assert "Hortensia" not in history


def test_a_pair_is_shown_in_an_order_of_each_person_and_answered_by_its_content(answers: Answers) -> None:
    kind, orders = KINDS["pair"], list[tuple[str, list[str]]]()
    for _ in range(6):
        case_id = answers.declare(kind)["case_id"]
        for who in ("ada", "ben"):
            review = answers.claim(who, kind, case_id)
            contents = review["form"]["answer"]["contents"]
            orders.append((who, [each["path"] for each in contents]))
            answers.answer(who, review, next(each["label"] for each in contents if each["path"] == "/one"))
        assert answers.told(kind, case_id)["outcome"]["label"] == "first"
    assert {tuple(order) for _, order in orders} == {("/one", "/two"), ("/two", "/one")}


def test_a_point_of_a_scale_is_a_label(answers: Answers) -> None:
    kind = KINDS["scale"]
    told = answers.declare(kind)
    review = answers.claim("ada", kind, told["case_id"])
    assert review["form"]["labels"] == ["1", "2", "3", "4", "5"]
    assert review["form"]["answer"]["high"] == "solves it"
    with pytest.raises(ApiError, match="422"):
        answers.answer("ada", review, "6")
    answers.answer("ada", review, "4")
    assert answers.told(kind, told["case_id"])["outcome"]["label"] == "4"


def test_a_case_without_what_people_judge_is_refused(answers: Answers) -> None:
    silent = {"messages": [ASKED, {"role": "assistant", "content": ""}]}
    kind = KINDS["verdict"]
    with Client(answers.service.url, answers.keys[kind.declarer]) as bot, pytest.raises(ApiError, match="messages/-1/content"):
        bot.declare(kind.task, silent, [{"model": kind.model, "version": VERSION, **kind.said}])
