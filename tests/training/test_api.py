"""The job's calls survive a service that is away for a moment, and say what was refused."""

from collections.abc import Iterator

import pytest

from hitl.client import Client, ServiceUnreachable
from hitl.client.patience import Patience
from tests.training.stub_api import StubService, serving
from training.api import PAGE, TrainingApi


@pytest.fixture
def stub() -> Iterator[StubService]:
    with serving(StubService()) as service:
        yield service


@pytest.fixture
def api(stub: StubService) -> Iterator[TrainingApi]:
    with Client(stub.url, "key", Patience(total_s=2.0)) as client:
        yield TrainingApi(client)


def test_examples_come_over_all_pages_in_order(stub: StubService, api: TrainingApi) -> None:
    stub.examples = [{"case_id": str(i)} for i in range(2 * PAGE + 3)]
    assert [example["case_id"] for example in api.examples("digits")] == [str(i) for i in range(2 * PAGE + 3)]


def test_the_champion_is_the_version_with_the_largest_share(stub: StubService, api: TrainingApi) -> None:
    assert api.champion("digits") is None
    stub.serving = [["a" * 64, 0.25], ["b" * 64, 0.75]]
    assert api.champion("digits") == "b" * 64


def test_a_repeated_request_opens_one_approval(stub: StubService, api: TrainingApi) -> None:
    stub.failures = 2
    answers = [api.request_approval({"task": "digits"}, "k1") for _ in range(2)]
    assert [answer["approval_id"] for answer in answers] == ["digits-1", "digits-1"]


def test_a_service_that_stays_away_is_an_error_that_says_so(stub: StubService, api: TrainingApi) -> None:
    stub.failures = 1000
    with pytest.raises(ServiceUnreachable, match="503"):
        api.champion("digits")
