"""A task's definition over a running service: a changed file waits for its votes, then counts without a restart."""

from collections.abc import Iterator

import pytest
import yaml

from hitl.client import ApiError, Client
from hitl.client.patience import Patience
from tests.running import Running, everywhere, images, running, until

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
