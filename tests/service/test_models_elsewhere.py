"""Models that run elsewhere, on the running service: cards, votes, declared predictions, and a server that is called."""

import json
import threading
import time
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
from tests.running import ROOT, Running, running, until, vote

pytestmark = pytest.mark.slow

EXAMPLES = ROOT / "examples"


class Judge(BaseHTTPRequestHandler):
    """Speaks like OpenAI's server: spam where the message has an exclamation mark; ``slow`` takes its time."""

    slow_s = 0.0
    is_away = False

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text = asked["messages"][1]["content"]
        time.sleep(self.slow_s if "slow" in text else 0.0)
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

    def bot(self) -> Client:
        return Client(self.service.url, self.bot_key)

    def serve(self, card: str, task: str) -> str:
        """Bring a card and vote for it; returns its digest."""
        told = json.loads(self.service.command("model", "card", str(EXAMPLES / "cards" / card), "--task", task).stdout)
        vote(self.service, told["approval_id"], told["digest"], "kim", "lee")
        return str(told["digest"])


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """A service with the two example tasks, and the endpoint of one of them in this process."""
    folder, server = tmp_path_factory.mktemp("elsewhere"), ThreadingHTTPServer(("127.0.0.1", 0), Judge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (folder / "tasks").mkdir()
    for name in ("declared_refunds", "remote_messages"):
        (folder / "tasks" / f"{name}.yaml").write_bytes((EXAMPLES / "tasks" / f"{name}.yaml").read_bytes())
    endpoints = yaml.safe_load((EXAMPLES / "endpoints.yaml").read_text())
    endpoints["endpoints"]["judge"] |= {"url": f"http://127.0.0.1:{server.server_port}", "canary_s": 3600.0}
    (folder / "endpoints.yaml").write_text(yaml.safe_dump(endpoints))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HITL_TASKS_DIR", str(folder / "tasks"))
        patch.setenv("HITL_ENDPOINTS_FILE", str(folder / "endpoints.yaml"))
        with running(folder / "data") as service:
            keys = accounts.issue_all(service.state.redis_url, {"refund-pipeline": (Role.CLIENT, Role.DECLARER)})
            yield Elsewhere(service, keys["refund-pipeline"])
    server.shutdown()


def said(label: str = "refund", version: str = "2026-11-28") -> dict[str, Any]:
    return {"model": "refund-judge", "version": version, "label": label, "score": 0.93}


def declare(elsewhere: Elsewhere, **prediction: Any) -> dict[str, Any]:
    with elsewhere.bot() as bot:
        return dict(bot.declare("declared_refunds", {"text": "My parcel came broken."}, [said(**prediction)]))


def test_a_declared_prediction_counts_once_two_people_approved_its_card(elsewhere: Elsewhere) -> None:
    assert declare(elsewhere)["prediction"] is None
    digest = elsewhere.serve("refund_judge.yaml", "declared_refunds")
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
    digest = elsewhere.serve("message_judge.yaml", "remote_messages")
    until(lambda: judged(elsewhere, "now")["model_version"] == digest)
    told = judged(elsewhere, "win now!")
    assert (told["prediction"], round(told["confidence"], 6)) == ("spam", 0.9)


def test_other_tasks_are_decided_while_the_endpoint_takes_its_time(elsewhere: Elsewhere) -> None:
    Judge.slow_s, found = 6.0, list[dict[str, Any]]()
    waiting = threading.Thread(target=lambda: found.append(judged(elsewhere, "slow")))
    waiting.start()
    for _ in range(20):
        assert declare(elsewhere)["prediction"] == "refund"
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
