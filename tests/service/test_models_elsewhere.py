"""Models that run elsewhere, on the running service: cards, votes, declared predictions, and a server that is called."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import log
from typing import Any

import pytest
import yaml

from hitl.cli.commands import accounts
from hitl.client import Client
from hitl.client.errors import ApiError
from hitl.identity import Role
from tests.example_tasks import EXAMPLES, serve_card, write_example_tasks
from tests.running import Running, claim, running, until

pytestmark = [pytest.mark.slow, pytest.mark.service]


HELD_S = 60.0
"""How long the endpoint may take: longer than the others' cases do, however busy the machine is."""


class Judge(BaseHTTPRequestHandler):
    """Speaks like OpenAI's server: spam where the message has an exclamation mark; ``slow`` is held until it is let go."""

    holds, let_go = threading.Event(), threading.Event()
    is_away = False

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text = asked["messages"][1]["content"]
        if "slow" in text:
            Judge.holds.set()
            Judge.let_go.wait(HELD_S)
        tokens = [{"token": "x", "logprob": log(0.9)}]
        choice = {"message": {"content": "spam" if "!" in text else "ham"}, "logprobs": {"content": tokens}}
        told = json.dumps({"model": asked["model"], "choices": [choice], "usage": {"total_tokens": 9}}).encode()
        self.send_response(503 if Judge.is_away else 200)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@dataclass(frozen=True)
class Elsewhere:
    service: Running
    bot_key: str
    reader_key: str

    def reader(self) -> Client:
        return Client(self.service.url, self.reader_key)

    def bot(self) -> Client:
        return Client(self.service.url, self.bot_key)

    def serve(self, card: str, task: str) -> str:
        """Bring a card and vote for it; returns its digest."""
        return serve_card(self.service, card, task)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """A service with the two example tasks, and the endpoint of one of them in this process."""
    folder, server = tmp_path_factory.mktemp("elsewhere"), ThreadingHTTPServer(("127.0.0.1", 0), Judge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tasks = write_example_tasks(folder / "tasks", "declared_refunds", "remote_messages", "declared_invoices")
    endpoints = yaml.safe_load((EXAMPLES / "endpoints.yaml").read_text())
    terms = {"url": f"http://127.0.0.1:{server.server_port}", "canary_s": 3600.0, "within_s": HELD_S}
    endpoints["endpoints"]["judge"] |= terms
    (folder / "endpoints.yaml").write_text(yaml.safe_dump(endpoints))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HITL_TASKS_DIR", str(tasks))
        patch.setenv("HITL_ENDPOINTS_FILE", str(folder / "endpoints.yaml"))
        with running(folder / "data") as service:
            bots = ("refund-pipeline", "invoice-pipeline")
            keys = accounts.issue_all(service.state.redis_url, dict.fromkeys(bots, (Role.CLIENT, Role.DECLARER)))
            yield Elsewhere(service, keys["refund-pipeline"], keys["invoice-pipeline"])
    server.shutdown()


def said(label: str = "refund", version: str = "2026-11-28") -> dict[str, Any]:
    return {"model": "refund-judge", "version": version, "label": label, "score": 0.93}


def declare(elsewhere: Elsewhere, **prediction: Any) -> dict[str, Any]:
    with elsewhere.bot() as bot:
        return dict(bot.declare("declared_refunds", {"text": "My parcel came broken."}, [said(**prediction)]))


def test_a_declared_prediction_counts_once_two_people_approved_its_card(elsewhere: Elsewhere) -> None:
    assert declare(elsewhere)["prediction"] is None
    digest = elsewhere.serve("refund_judge", "declared_refunds")
    until(lambda: declare(elsewhere)["model_version"] == digest)
    told = declare(elsewhere)
    assert (told["prediction"], told["confidence"], told["declared_by"]) == ("refund", 0.93, "refund-pipeline")
    assert told["status"] != "decided"  # nothing is automatic before a certificate
    assert "nobody approved" in declare(elsewhere, version="next")["route"]["reason"]
    with elsewhere.bot() as bot:
        assert bot.decision(told["case_id"])["declared_by"] == "refund-pipeline"


def test_a_client_without_the_role_declares_nothing(elsewhere: Elsewhere) -> None:
    with elsewhere.service.as_("client") as client, pytest.raises(ApiError, match="403"):
        client.declare("declared_refunds", {"text": "x"}, [said()])


def judged(elsewhere: Elsewhere, text: str) -> dict[str, Any]:
    with elsewhere.service.as_("client") as client:
        return dict(client.decide("remote_messages", {"text": text}))


def test_an_endpoint_is_called_once_two_people_approved_its_card(elsewhere: Elsewhere) -> None:
    assert judged(elsewhere, "before")["prediction"] is None
    digest = elsewhere.serve("message_judge", "remote_messages")
    until(lambda: judged(elsewhere, "now")["model_version"] == digest)
    told = judged(elsewhere, "win now!")
    assert (told["prediction"], round(told["confidence"], 6)) == ("spam", 0.9)


def test_other_tasks_are_decided_while_the_endpoint_takes_its_time(elsewhere: Elsewhere) -> None:
    found = list[dict[str, Any]]()
    waiting = threading.Thread(target=lambda: found.append(judged(elsewhere, "slow")))
    waiting.start()
    assert Judge.holds.wait(HELD_S)
    for _ in range(20):
        assert declare(elsewhere)["prediction"] == "refund"
    assert found == []
    Judge.let_go.set()
    waiting.join()
    assert found[0]["prediction"] == "ham"


def test_an_endpoint_that_is_away_gives_its_cases_to_people(elsewhere: Elsewhere) -> None:
    Judge.is_away = True
    told = judged(elsewhere, "anybody there")
    Judge.is_away = False
    assert (told["prediction"], told["status"]) == (None, "pending_expert")
    assert judged(elsewhere, "back")["prediction"] == "ham"


def test_the_secret_and_the_address_of_an_endpoint_are_in_no_approval(elsewhere: Elsewhere) -> None:
    with elsewhere.service.as_("operator") as operator:
        approvals = json.dumps(operator.approvals(task="remote_messages"))
    assert '"endpoint": "judge"' in approvals
    assert "127.0.0.1" not in approvals


READ: dict[str, Any] = {"vendor": "Acme", "number": "R-1", "day": "2026-01-31", "net": 100, "vat": "20.00", "total": "120.00"}


def read(elsewhere: Elsewhere, **fields: Any) -> dict[str, Any]:
    said = {"model": "invoice-reader", "version": "2026-11-28", "value": READ | fields, "score": 0.97}
    with elsewhere.reader() as reader:
        return dict(reader.declare("declared_invoices", {"text": "Invoice R-1 of Acme"}, [said]))


def told_of(elsewhere: Elsewhere, case_id: str) -> dict[str, Any]:
    with elsewhere.reader() as reader:
        return dict(reader.decision(case_id, wait_s=10.0))


def test_fields_are_corrected_and_the_correction_is_the_models_error(elsewhere: Elsewhere) -> None:
    digest = elsewhere.serve("invoice_reader", "declared_invoices")
    until(lambda: read(elsewhere)["model_version"] == digest)
    told, right = read(elsewhere, vat="21.00"), read(elsewhere, number="R-2")
    assert (told["prediction"], told["confidence"], told["value"]["vat"]) == ("as_declared", 0.97, "21.00")
    corrected = {told["case_id"]: READ, right["case_id"]: READ | {"number": "R-2 ", "net": "100.00"}}
    with elsewhere.service.as_("ada") as ada:
        while corrected:
            review = claim(ada, "declared_invoices")
            assert [field["name"] for field in review["form"]["fields"]] == list(READ)
            value = corrected.pop(review["case_id"], READ)
            said = ada.answer(review["review_id"], review["lease"]["id"], value=value)
            assert said["agrees_with_model"] in (None, review["case_id"] != told["case_id"])
    found = told_of(elsewhere, told["case_id"])
    assert (found["outcome"]["label"].partition(":")[0], found["value"]["vat"]) == ("corrected", "20.00")
    kept = told_of(elsewhere, right["case_id"])
    assert (kept["outcome"]["label"], kept["value"]["number"]) == ("as_declared", "R-2")
    with elsewhere.service.as_("trainer") as trainer:
        rows = {row["case_id"]: row for row in trainer.examples("declared_invoices")["examples"]}
    assert (rows[told["case_id"]]["value"]["vat"], rows[right["case_id"]]["value"]["number"]) == ("20.00", "R-2")


def test_what_is_no_answer_of_fields_is_refused_in_words(elsewhere: Elsewhere) -> None:
    for wrong, place in (({"day": "31.1.2026"}, "day"), ({"total": "much"}, "total"), ({"colour": "red"}, "value")):
        with pytest.raises(ApiError, match=place):
            read(elsewhere, **wrong)
    read(elsewhere)
    with elsewhere.service.as_("ben") as ben:
        review = claim(ben, "declared_invoices")
        for refused in ({"label": "corrected:0"}, {"value": {"vendor": "Acme"}}, {"value": READ | {"day": "soon"}}):
            with pytest.raises(ApiError, match="422"):
                ben.answer(review["review_id"], review["lease"]["id"], **refused)
        none = ben.answer(review["review_id"], review["lease"]["id"], "none_of_these")
    assert told_of(elsewhere, review["case_id"])["value"] is None
    assert none["label"] == "none_of_these"


def test_a_corrected_value_stands_nowhere_in_clear(elsewhere: Elsewhere) -> None:
    told = read(elsewhere, vendor="Petunia Quince")
    with elsewhere.service.as_("ada") as ada:
        review = claim(ada, "declared_invoices")
        ada.answer(review["review_id"], review["lease"]["id"], value=READ | {"vendor": "Hortensia Quince"})
    with elsewhere.service.as_("operator") as operator:
        history = json.dumps([operator.journal_state(row["shard"]) for row in operator.journal()["shards"]])
    assert told["case_id"] in history
    assert "Quince" not in history
