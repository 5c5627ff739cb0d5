"""An MLflow behind a password or a token: what is right gets through, what is wrong waits on disk."""

from base64 import b64encode
from typing import Any

import pytest

from hitl.adapters.mlflow.reader import MlflowReader
from hitl.tracking import track_custom
from tests.fakes.guarded_proxy import guarded
from tests.tracking.conftest import MlflowServer

BASIC = {"MLFLOW_TRACKING_USERNAME": "ann", "MLFLOW_TRACKING_PASSWORD": "right"}
WAYS = {
    "basic": (BASIC, "Basic " + b64encode(b"ann:right").decode()),
    "bearer": ({"MLFLOW_TRACKING_TOKEN": "a-token"}, "Bearer a-token"),
}


@pytest.mark.covers("002-02", "002-33")
@pytest.mark.parametrize("way", WAYS)
def test_a_protected_server_takes_runs_and_answers_probes(
    way: str, make_tracker: Any, mlflow_server: MlflowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment, wanted = WAYS[way]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with guarded(mlflow_server.url, wanted) as url:
        tracker = make_tracker(None, uri=url)
        track_custom(f"protected-{way}", "op")(lambda: {"score": 0.5})()
        assert tracker.flush(30)
        probes = MlflowReader(url).probes()
        assert (probes.server_error, probes.database_error, probes.artifacts_error) == (None, None, None)
    assert len(MlflowReader(mlflow_server.url).runs([f"protected-{way}"], limit=10)) == 1


def test_wrong_credentials_keep_the_traces_and_say_why(
    make_tracker: Any, mlflow_server: MlflowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "wrong")
    with guarded(mlflow_server.url, "Bearer right") as url:
        tracker = make_tracker(None, uri=url)
        track_custom("protected", "op")(lambda: {"score": 0.5})()
        assert not tracker.flush(30)
        assert (tracker.counts.buffered, "401" in str(tracker.away_why)) == (1, True)
        assert "401" in str(MlflowReader(url).probes().server_error)
