"""A tracker: settings, tables, exporter and disk buffer, created at the first trace."""

import threading
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from hitl.tracking.budgets import BudgetWatch
from hitl.tracking.buffer import DiskBuffer
from hitl.tracking.config import TrackingConfig, load_config
from hitl.tracking.exporter import Counts, Exporter
from hitl.tracking.extract import canonical, numbers_in
from hitl.tracking.ports import AlertSink, Sink
from hitl.tracking.record import OperationKind, RawTrace, Trace
from hitl.tracking.redaction import Redactor
from hitl.tracking.refine import Refiner
from hitl.tracking.scope import OpenSpan, Operation, current
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.system import system_metrics

OpenSink = Callable[[TrackingSettings], Sink]


class Tracker:
    """Takes finished traces; ``submit`` never blocks and never raises."""

    def __init__(self, settings: TrackingSettings, *, open_sink: OpenSink | None = None, outbox: AlertSink | None = None) -> None:
        self.settings, self._open_sink, self._outbox = settings, open_sink, outbox
        self._exporter: Exporter | None = None
        self._lock = threading.Lock()

    @property
    def enabled(self) -> bool:
        """Whether anything is tracked."""
        return self.settings.enabled

    @property
    def tracking_uri(self) -> str:
        """The MLflow server or store."""
        return self.settings.tracking_uri

    @property
    def counts(self) -> Counts:
        """Counts of this process's traces by their fate."""
        return self._exporter.counts if self._exporter else Counts()

    @property
    def away_why(self) -> str | None:
        """Why MLflow did not answer the last time it was asked; None while it does."""
        return self._exporter.away_why if self._exporter else None

    def submit(self, trace: RawTrace) -> bool:
        """Hand over a finished trace; False when it was dropped."""
        return self.enabled and (self._exporter or self._started()).submit(trace)

    def log_experiment_result(
        self,
        feature: str,
        operation: str,
        params: Mapping[str, Any] | None = None,
        metrics: Mapping[str, Any] | None = None,
        tags: Mapping[str, Any] | None = None,
        *,
        success: bool = True,
    ) -> str | None:
        """Record a result by hand; inside a tracked call it joins that call's trace. Returns its id, None while disabled."""
        if not self.enabled:
            return None
        told = Operation(OperationKind.MANUAL, feature, operation, "log_experiment_result")
        span = OpenSpan(told, self.submit, None, parent=current())
        span.notes |= {"params": dict(params or {}), "metrics": canonical(numbers_in(metrics or {}))}
        span.notes |= {key: value for key, value in (metrics or {}).items() if key in ("cost", "total_cost")}
        span.notes |= {"usage": {key: value for key, value in (metrics or {}).items() if "tokens" in key}}
        span.notes |= {"model": params["model"]} if params and "model" in params else {}
        span.tags |= {str(key): str(value) for key, value in (tags or {}).items()}
        span.end(is_good=success)
        return span.span_id

    def flush(self, timeout_s: float = 30.0) -> bool:
        """Wait until MLflow has everything; False when time ran out or MLflow is away."""
        return self._exporter.flush(timeout_s) if self._exporter else True

    def close(self, timeout_s: float | None = None) -> None:
        """Export for a while, then leave the rest on disk."""
        with self._lock:
            exporter, self._exporter = self._exporter, None
        if exporter is not None:
            exporter.close(self.settings.flush_s if timeout_s is None else timeout_s)

    def _refined(self, refiner: Refiner) -> Callable[[RawTrace], Trace]:
        if not self.settings.system_metrics:
            return refiner.trace

        def with_system(raw: RawTrace) -> Trace:
            trace = refiner.trace(raw)
            trace.spans[0].metrics.update(system_metrics())
            return trace

        return with_system

    def _started(self) -> Exporter:
        with self._lock:
            if self._exporter is None:
                self._exporter = self._build(load_config(self.settings.config))
            return self._exporter

    def _build(self, config: TrackingConfig) -> Exporter:
        of = self.settings
        refiner = Refiner(
            config, of.experiment_name, of.log_prompts, of.log_artifacts, Redactor(config.patterns, enabled=of.redact)
        )
        watch = BudgetWatch(config.budgets, config.currency, self._outbox, time.time) if self._outbox and config.budgets else None
        return Exporter(
            lambda: (self._open_sink or _plugged(of.sink))(of),
            self._refined(refiner),
            lambda: DiskBuffer(of.buffer_dir, max_bytes=of.buffer_bytes),
            capacity=of.queue_traces,
            on_trace=watch.see if watch else None,
        )


def _plugged(path: str) -> OpenSink:
    module, _, name = path.partition(":")
    found: OpenSink = getattr(import_module(module), name)
    return found
