"""Read experiments and runs from MLflow, page by page."""

import time
from collections.abc import Callable, Sequence

import requests
from mlflow import MlflowClient
from mlflow.entities import Run, RunStatus
from mlflow.exceptions import MlflowException

from hitl.adapters.mlflow import http as mlflow_http
from hitl.adapters.mlflow.abandoned import close_abandoned
from hitl.errors import SinkAway
from hitl.tracking.record import CANCELLED, FAILURE, SUCCESS
from hitl.tracking.rows import RunRow
from hitl.tracking.views import Probes, without_password

PAGE = 1_000
MAX_TAG_SHOWN = 2_000
_STATUS = {"FINISHED": SUCCESS, "FAILED": FAILURE, "KILLED": CANCELLED}


class MlflowReader:
    """Reads one MLflow by its tracking URI. Errors become SinkAway."""

    def __init__(self, uri: str) -> None:
        self._uri, self._client = uri, MlflowClient(uri)

    def experiments(self) -> list[tuple[str, str]]:
        """Id and name of every active experiment, oldest first."""
        with _asking(self._uri):
            found, token = [], None
            while True:
                page = self._client.search_experiments(max_results=PAGE, page_token=token, order_by=["creation_time ASC"])
                found += [(str(item.experiment_id), str(item.name)) for item in page]
                if not (token := page.token):
                    return found

    def runs(
        self, experiments: Sequence[str] | None, *, limit: int, since_s: float | None = None, only: str = ""
    ) -> list[RunRow]:
        """The newest runs, newest first; ``only`` is a filter in MLflow's own language."""
        names = {number: name for number, name in self.experiments() if experiments is None or name in experiments}
        if not names:
            return []
        since = f"attributes.start_time >= {int(since_s * 1000)}" if since_s is not None else ""
        text = " and ".join(part for part in (since, only) if part)
        with _asking(self._uri):
            return [row_of(run, names) for run in self._pages(list(names), text, limit)]

    def probes(self) -> Probes:
        """Ask server, database and artifact store once each."""
        began = time.perf_counter()
        server = _failure(lambda: mlflow_http.probe(self._uri))
        latency = time.perf_counter() - began
        if server:
            return Probes(server, server, server)
        database = _failure(lambda: self._client.search_experiments(max_results=1))
        return Probes(None, database, _failure(self._list_artifacts), _version(self._uri), latency)

    def costs(self, since_s: float, limit: int) -> list[RunRow]:
        """The newest runs since then that have a cost."""
        return self.runs(None, limit=limit, since_s=since_s, only="metrics.cost > 0")

    def close_abandoned(self) -> list[str]:
        """End the runs of jobs that were killed; their ids."""
        return close_abandoned(self._uri)

    def _pages(self, ids: list[str], text: str, limit: int) -> list[Run]:
        found: list[Run] = []
        token = None
        while len(found) < limit:
            page = self._client.search_runs(
                ids, text, max_results=min(PAGE, limit - len(found)), order_by=["attributes.start_time DESC"], page_token=token
            )
            found += page
            if not (token := page.token):
                break
        return found

    def _list_artifacts(self) -> None:
        if mlflow_http.is_server(self._uri):
            mlflow_http.get(self._uri, "/api/2.0/mlflow-artifacts/artifacts")


def row_of(run: Run, names: dict[str, str]) -> RunRow:
    """MLflow's run as a row."""
    info, tags = run.info, {key: value[:MAX_TAG_SHOWN] for key, value in run.data.tags.items()}
    status = tags.get("status") or _STATUS.get(_word(info.status), "running")
    experiment = names.get(str(info.experiment_id), str(info.experiment_id))
    return RunRow(
        run_id=str(info.run_id),
        experiment=experiment,
        started_s=info.start_time / 1000,
        status=status,
        name=info.run_name or "",
        metrics=dict(run.data.metrics),
        params=dict(run.data.params),
        tags=tags,
    )


class _asking:  # noqa: N801 - reads as a word: ``with _asking(uri):``
    def __init__(self, uri: str) -> None:
        self._uri = uri

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (MlflowException, requests.RequestException, OSError)):
            raise SinkAway(without_password(self._uri), str(error).splitlines()[0][:300]) from error


def _word(status: int | str) -> str:
    return status if isinstance(status, str) else str(RunStatus.to_string(status))


def _failure(ask: Callable[[], object]) -> str | None:
    try:
        ask()
    except (MlflowException, requests.RequestException, OSError, SinkAway) as error:
        return (str(error).splitlines() or [type(error).__name__])[0][:300]
    return None


def _version(uri: str) -> str | None:
    try:
        return mlflow_http.get(uri, "/version")[:40] if mlflow_http.is_server(uri) else None
    except SinkAway:
        return None
