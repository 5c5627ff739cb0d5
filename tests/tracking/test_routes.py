"""``/api/v1/mlflow/tracking/``: who may ask, and what it answers while MLflow is away, hung or switched off."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from hitl.errors import SinkAway
from hitl.tracking.config import TrackingConfig
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.views import Probes
from serve_app.api.app import review_app
from serve_app.api.services.context import ApiPorts
from serve_app.api.services.tracking import Tracking
from tests.review_app.conftest import by_name
from tests.review_app.in_process import InProcessShards

ROOT = "/api/v1/mlflow/tracking"
PARTS = ("experiments", "runs", "metrics", "health")
ON = TrackingSettings(switch=True, uri="http://ann:secret@mlflow:5000")


class Gone:
    """A reader of an MLflow that is away."""

    def experiments(self, *_: Any, **__: Any) -> Any:
        raise SinkAway("http://mlflow:5000", "refused")

    runs = experiments

    def probes(self) -> Probes:
        return Probes("refused", "refused", "refused")


class Hung(Gone):
    """A reader of an MLflow that takes requests and never answers."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def experiments(self, *_: Any, **__: Any) -> Any:
        self.released.wait(30)
        raise SinkAway("http://mlflow:5000", "at last")


def _asked_of(reader: Gone, settings: TrackingSettings = ON) -> TestClient:
    tracking = Tracking(settings, TrackingConfig(), lambda _: reader, answer_s=0.2)
    return TestClient(review_app(ApiPorts({}, InProcessShards({}, 1), [], by_name, tracking=tracking)))


def _get(client: TestClient, part: str, who: str | None = "operator") -> Any:
    return client.get(f"{ROOT}/{part}/", headers={"authorization": f"Bearer {who}"} if who else {})


@pytest.fixture
def away() -> Iterator[TestClient]:
    with _asked_of(Gone()) as client:
        yield client


@pytest.mark.covers("004-15", "000-40")
def test_health_says_that_mlflow_is_away_and_shows_no_password(away: TestClient) -> None:
    answer = _get(away, "health")
    assert (answer.status_code, answer.json()["status"]) == (200, "unreachable")
    assert answer.json()["alerts"][0]["name"] == "tracking_server"
    assert "secret" not in answer.text


@pytest.mark.parametrize("part", ["experiments", "runs", "metrics"])
def test_figures_of_an_mlflow_that_is_away_are_a_503_that_names_it(away: TestClient, part: str) -> None:
    answer = _get(away, part)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (503, "tracking-away")
    assert "secret" not in answer.text


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("who", "status"), [(None, 401), ("client", 403), ("reviewer", 403), ("operator-of-digits", 403)])
def test_others_than_people_of_the_whole_service_are_refused(away: TestClient, part: str, who: str | None, status: int) -> None:
    assert _get(away, part, who).status_code == status


def test_a_hung_mlflow_holds_up_neither_health_nor_anything_else() -> None:
    hung = Hung()
    with _asked_of(hung) as client:
        assert _get(client, "experiments").status_code == 503
        assert _get(client, "health").json()["status"] == "unreachable"
        assert client.get("/health").status_code == 200
        hung.released.set()


@pytest.mark.covers("004-02")
def test_switched_off_every_route_says_so_and_asks_nobody() -> None:
    with _asked_of(Gone(), TrackingSettings(switch=False)) as client:
        assert [_get(client, part).status_code for part in PARTS] == [200] * 4
        assert (_get(client, "health").json()["status"], _get(client, "experiments").json()["enabled"]) == ("disabled", False)
