"""A task's definition over a running service: a changed file waits for its votes, then counts without a restart."""

import json
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import yaml

from hitl.adapters.files.data_sources import features_of
from hitl.client import ApiError, Client
from hitl.client.answer_types import ReviewAtHand
from hitl.client.patience import Patience
from hitl.tasks.definition import body_of
from tests.running import LOOKS, Running, everywhere, images, rows, running, task_spec, until

pytestmark = [pytest.mark.slow, pytest.mark.service]

NEW = "unreadable"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("d") / "data") as found:
        yield found


def add_label(found: Running) -> None:
    file = found.tasks / "digits.yaml"
    body = yaml.safe_load(file.read_text(encoding="utf-8"))
    body["labels"].append(NEW)
    file.write_text(yaml.safe_dump(body, sort_keys=False), encoding="utf-8")


def answer(reviewer: Client, label: str) -> tuple[str, str]:
    """The case that waited longest, with the label that counted."""
    review = reviewer.claim("digits")["review"]
    assert review is not None
    try:
        told = reviewer.answer(review["review_id"], review["lease"]["id"], label)
    except ApiError:
        reviewer.release(review["review_id"], review["lease"]["id"])
        raise
    return review["case_id"], told["label"]


def test_a_changed_file_counts_once_it_is_approved_and_without_a_restart(own: Running) -> None:
    (first, _), (second, _) = images(2)
    with own.as_("operator") as operator, own.as_("client") as client:
        until(lambda: operator.definition("digits")["generation"] == 0)
        before = operator.definition("digits")
        old = client.decide("digits", first, key="old")["case_id"]
    own.command("down")
    add_label(own)
    own.command("up", "--detach")
    with own.as_("operator") as operator, own.as_("client") as client, own.as_("ada") as ada:
        until(lambda: len(operator.definition("digits")["waits"]) == 1)
        waiting = operator.definition("digits")["waits"][0]
        assert waiting["changes"][0] == f'The label "{NEW}" is added.'
        assert operator.definition("digits")["digest"] == before["digest"]
        assert NEW not in client.task("digits")["labels"]
        with pytest.raises(ApiError, match="one of the task's"):
            answer(ada, NEW)
        for voter in ("kim", "lee"):
            with own.as_(voter) as approver:
                approver.vote(waiting["approval_id"], "approve", waiting["digest"])
        until(lambda: operator.definition("digits")["digest"] == waiting["digest"])
    with Client(own.url, own.keys["client"], Patience(30.0)) as client, own.as_("ada") as ada, own.as_("ben") as ben:
        until(lambda: everywhere(lambda: NEW in client.task("digits")["labels"]))
        new = client.decide("digits", second, key="new")["case_id"]
        with pytest.raises(ApiError, match="one of the task's"):
            answer(ada, NEW)
        assert answer(ben, "3") == (old, "3")
        until(lambda: ada.queue("digits")["waiting"] == 1)
        assert answer(ada, NEW) == (new, NEW)


def adopt(found: Running, approval_id: str, digest: str) -> None:
    """Let two people vote for the change."""
    for voter in ("kim", "lee"):
        with found.as_(voter) as approver:
            approver.vote(approval_id, "approve", digest)


def test_another_input_counts_without_a_restart_and_what_waits_is_answered_as_it_came(own: Running) -> None:
    ((image, _),) = images(1)
    with Client(own.url, own.keys["client"], Patience(30.0)) as client:
        old = client.decide("digits", image, key="narrow")["case_id"]
    with own.as_("operator") as operator:
        definition = operator.definition("digits")["definition"]
        wider = {**definition, "input": {**definition["input"], "size": 65}}
        wider["input"].pop("shape", None)
        told = operator.propose_definition("digits", wider)
        adopt(own, told["approval_id"], told["digest"])
        until(lambda: operator.definition("digits")["digest"] == told["digest"])
    with Client(own.url, own.keys["client"], Patience(30.0)) as client, own.as_("ada") as ada:
        until(lambda: everywhere(lambda: client.task("digits")["input"]["size"] == 65))
        new = client.decide("digits", [*image, 1.0], key="wide")["case_id"]
        with pytest.raises(ApiError, match="65"):
            client.decide("digits", image, key="narrow again")
        for case, size in ((old, 64), (new, 65)):
            until(lambda: ada.queue("digits")["waiting"] >= 1)
            review = ada.claim("digits")["review"]
            assert review is not None
            assert (review["case_id"], review["form"]["input"]["size"], len(review["payload"]["features"])) == (case, size, size)
            assert ada.answer(review["review_id"], review["lease"]["id"], "3")["label"] == "3"


LEAVING = "breast_cancer"
"""The task that is taken away: nothing else of this module asks for it."""
GONE, LATER = (410, "task-removed"), (503, "stale-generation")
"""LATER: the store knows of the removal and the gateway does not yet, for a second."""


def measurements(count: int) -> list[Any]:
    """Cases of LEAVING."""
    spec, rest = task_spec(LEAVING), rows(LEAVING).rest
    return [features_of(spec, row) for row in rest.rows[:count]]


def asked_once(found: Running, who: str, method: str, path: str, body: Any = None) -> tuple[int, str]:
    """The status of one request that nobody repeats, and the problem that it tells of."""
    is_file = isinstance(body, bytes)
    headers = {"authorization": f"Bearer {found.keys[who]}", "idempotency-key": uuid.uuid4().hex}
    headers["content-type"] = "application/octet-stream" if is_file else "application/json"
    content = body if is_file else None if body is None else json.dumps(body)
    told = httpx2.request(method, found.url + path, headers=headers, content=content, timeout=60.0)
    assert told.status_code != 503 or "retry-after" in told.headers, told.text
    return told.status_code, str(told.json()["type"]).rsplit(":", 1)[-1] if told.status_code >= 400 else ""


def answer_as(reviewer: Client, review: ReviewAtHand, label: str) -> str | None:
    lease = review["lease"]
    assert lease is not None
    return reviewer.answer(review["review_id"], lease["id"], label)["label"]


def test_a_task_that_is_taken_away_takes_nothing_new_and_people_finish_what_waits(own: Running) -> None:
    path, (one, two, three, new) = f"/v1/tasks/{LEAVING}", measurements(4)
    with own.as_("client") as client, own.as_("ada") as ada:
        cases = [client.decide(LEAVING, features)["case_id"] for features in (one, two, three)]
        until(lambda: ada.queue(LEAVING)["waiting"] == 3)
        answered, held = ada.claim(LEAVING, count=2)["reviews"]
        assert answer_as(ada, answered, "benign") == "benign"
    asked = own.command("tasks", "remove", LEAVING, "--key", own.keys["operator"], "--url", own.url, "--json")
    removal = json.loads(asked.stdout)
    assert asked_once(own, "client", "GET", path) == (200, "")
    adopt(own, removal["approval_id"], removal["digest"])

    told = Counter[tuple[int, str]]()  # by both gateways, before, while and after they take it up

    def is_gone() -> bool:
        looks = [asked_once(own, "client", "POST", f"{path}/decisions", {"features": new}) for _ in range(LOOKS)]
        told.update(looks)
        return set(looks) == {GONE}

    until(is_gone)
    assert told.keys() <= {(202, ""), LATER, GONE}
    for method, where, body in (
        ("GET", path, None),
        ("GET", f"{path}/definition", None),
        ("PUT", f"{path}/blobs", b"a file"),
        ("POST", f"{path}/decisions:batch", {"cases": [{"features": new}]}),
    ):
        assert {asked_once(own, "client", method, where, body) for _ in range(LOOKS)} == {GONE}, where
    assert asked_once(own, "trainer", "POST", "/v1/triggers", {"task": LEAVING, "reason": "it lacks rows"}) == GONE
    assert asked_once(own, "operator", "DELETE", f"{path}/definition") == (200, "")
    with own.as_("client") as client, own.as_("ada") as ada:
        assert LEAVING not in {each["task"] for each in client.tasks()["tasks"]}
        assert answer_as(ada, held, "malignant") == "malignant"
        left = 1 + told[202, ""]  # whoever got a 202 on the way out has a review, too
        until(lambda: ada.queue(LEAVING)["waiting"] == left)
        while waiting := ada.claim(LEAVING).get("review"):
            assert waiting["form"]["labels"] == ["malignant", "benign"]
            assert answer_as(ada, waiting, "benign") == "benign"
            left -= 1
        assert left == 0
        labels = [client.wait(case, 30.0)["outcome"]["label"] for case in cases]
    assert sorted(labels) == ["benign", "benign", "malignant"]
    for who, where in (
        ("operator", f"/v1/cases?task={LEAVING}"),
        ("operator", f"/v1/approvals?task={LEAVING}"),
        ("operator", f"/v1/quality/{LEAVING}"),
        ("client", f"/v1/models/{LEAVING}"),
        ("trainer", f"/v1/examples?task={LEAVING}"),
    ):
        assert asked_once(own, who, "GET", where) == (200, ""), where


def test_a_task_that_was_taken_away_comes_back_by_a_proposal_on_every_gateway(own: Running) -> None:
    (features,) = measurements(1)
    with own.as_("operator") as operator:
        told = operator.propose_definition(LEAVING, body_of(task_spec(LEAVING)))
        assert told["approval_id"] is not None
        adopt(own, told["approval_id"], told["digest"])
    body = {"features": features}
    until(
        lambda: {asked_once(own, "client", "POST", f"/v1/tasks/{LEAVING}/decisions", body) for _ in range(LOOKS)} == {(202, "")}
    )
