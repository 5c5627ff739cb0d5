"""Export traces to MLflow: a run for each operation, a trace for each outermost operation.

MLflow's client repeats a failed request for minutes by itself; here the disk buffer does the waiting, so its retries are
turned down where the environment has not set them.
"""

import errno
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_DEFAULTS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "15",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
}
"""Set before MLflow is imported, and only where nobody else did."""
for _name, _value in _DEFAULTS.items():
    os.environ.setdefault(_name, _value)

import requests  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.tracing.client import TracingClient  # noqa: E402
from sqlalchemy.exc import OperationalError  # noqa: E402

from hitl.adapters.mlflow.autolog import enable_autolog  # noqa: E402
from hitl.adapters.mlflow.experiments import experiment_id, is_gone  # noqa: E402
from hitl.adapters.mlflow.http import probe  # noqa: E402
from hitl.adapters.mlflow.joined_spans import JoinedSpans  # noqa: E402
from hitl.adapters.mlflow.spans import SPAN_TAG, run_metrics, run_params, run_status, run_tags, span_of  # noqa: E402
from hitl.errors import InvalidConfig, SinkAway, SinkRefused  # noqa: E402
from hitl.tracking.record import Span, Trace  # noqa: E402
from hitl.tracking.scope import use_join  # noqa: E402
from hitl.tracking.settings import TrackingSettings  # noqa: E402
from hitl.tracking.views import without_password  # noqa: E402

_log = logging.getLogger(__name__)

NEVER_WRITTEN = frozenset({errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP, errno.EILSEQ})
"""What a disk says of a name that it will never take. Everything else passes: a full disk, a lost mount."""


class MlflowSink:
    """Stores traces in one MLflow; experiments are created when they are first needed. ``homes`` are those where the traces of
    each outermost operation go."""

    def __init__(self, uri: str, artifact_location: str | None = None) -> None:
        self._uri, self._artifact_location = uri, artifact_location
        self._client, self._tracing = MlflowClient(uri), TracingClient(uri)
        self._experiments: dict[str, str] = {}
        self.homes: dict[tuple[str, str], str] = {}

    def export(self, traces: Sequence[Trace], *, is_repeat: bool) -> None:
        """Store the runs in order, then the spans of each experiment in one request. Where an experiment was deleted since it was
        looked up, everything is stored once more, as a repeat, and looking it up restores it. Raises SinkAway, SinkRefused."""
        with self._translating():
            probe(self._uri)
            try:
                self._store(traces, is_repeat)
            except MlflowException:
                if not self._forget_deleted():
                    raise
                self._store(traces, is_repeat=True)

    def _store(self, traces: Sequence[Trace], is_repeat: bool) -> None:
        spans = [pair for trace in traces for pair in self._runs(trace, is_repeat)]
        for experiment in dict.fromkeys(place for place, _ in spans):
            self._tracing.log_spans(experiment, [span for place, span in spans if place == experiment])

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except MlflowException as error:
            raise self._translated(error) from error
        except (requests.RequestException, OperationalError) as error:
            raise SinkAway(without_password(self._uri), type(error).__name__) from error
        except OSError as error:
            if error.errno in NEVER_WRITTEN:
                raise SinkRefused(f"{type(error).__name__}: {error.strerror}") from error
            raise SinkAway(without_password(self._uri), type(error).__name__) from error

    def _forget_deleted(self) -> bool:
        """Forget the ids of experiments that take no runs. False where there is none."""
        gone = [name for name, number in self._experiments.items() if is_gone(self._client, number)]
        for name in gone:
            del self._experiments[name]
        return bool(gone)

    def _runs(self, trace: Trace, is_repeat: bool) -> Iterator[tuple[str, object]]:
        """Yield the experiment and MLflow span of each span, its run created on the way. A trace lives in its root's
        experiment."""
        runs: dict[str, str] = {}
        home = self._experiment(trace.spans[0].experiment)
        self.homes[trace.spans[0].feature, trace.spans[0].operation] = home
        for span in trace.spans:
            if span.is_run:
                place = self._experiment(span.experiment)
                runs[span.span_id] = self._write_run(span, place, runs.get(span.parent_id or ""), is_repeat)
            elif span.parent_id in runs:
                runs[span.span_id] = runs[span.parent_id]
            yield home, span_of(span, runs.get(span.span_id))
        for name, text in trace.artifacts.items():
            self._artifact(runs[trace.spans[0].span_id], text, name)

    def _artifact(self, run_id: str, text: str, name: str) -> None:
        """An artifact whose name the store refuses is left out: the trace is worth more, and the next ones wait behind it."""
        try:
            with self._translating():
                self._client.log_text(run_id, text, name)
        except (SinkRefused, ValueError) as error:
            _log.warning("tracking: run %s stays without the artifact %.100r: %s", run_id, name, error)

    def _write_run(self, span: Span, experiment: str, parent: str | None, is_repeat: bool) -> str:
        # The search is one more request for each span; only a repeated trace can have left a run behind.
        run_id = (self._find_run(span, experiment) if is_repeat else None) or self._create_run(span, experiment, parent)
        self._client.log_batch(run_id, metrics=run_metrics(span), params=run_params(span))
        self._client.set_terminated(run_id, run_status(span), span.ended_ns // 1_000_000)
        return run_id

    def _create_run(self, span: Span, experiment: str, parent: str | None) -> str:
        at = span.started_ns // 1_000_000
        run = self._client.create_run(experiment, start_time=at, tags=run_tags(span, parent), run_name=span.operation)
        return str(run.info.run_id)

    def _find_run(self, span: Span, experiment: str) -> str | None:
        found = self._client.search_runs([experiment], f"tags.`{SPAN_TAG}` = '{span.span_id}'", max_results=1)
        return str(found[0].info.run_id) if found else None

    def _experiment(self, name: str) -> str:
        if name not in self._experiments:
            self._experiments[name] = experiment_id(self._client, name, self._artifact_location)
        return self._experiments[name]

    def _translated(self, error: MlflowException) -> SinkAway | SinkRefused:
        status = error.get_http_status_code()
        text = str(error)
        if "Max retries exceeded" in text or "Connection" in text or status in (401, 403, 408, 429, 502, 503, 504):
            return SinkAway(without_password(self._uri), text.splitlines()[0][:300])
        return SinkRefused(text[:500])


def open_sink(settings: TrackingSettings) -> MlflowSink:
    """Return the sink of these settings; the integrations that they name are switched on from the first trace on."""
    if settings.autolog:
        try:
            enable_autolog(settings.autolog, settings.tracking_uri)
        except InvalidConfig:
            _log.exception("tracking: autologging stays off; traces are stored all the same")
    sink = MlflowSink(settings.tracking_uri, settings.artifact_location)
    if settings.autolog:
        use_join(JoinedSpans(sink.homes))
    return sink
