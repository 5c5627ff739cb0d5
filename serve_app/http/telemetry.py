"""Metrics through Ray, and JSON log lines with the request id."""

import logging
from collections import Counter as Tally
from collections.abc import Sequence
from typing import Any

import structlog
from ray.serve.metrics import Counter, Gauge, Histogram

from hitl.intake import CaseRecord
from hitl.intake.ports import Pointer

SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0]
ROWS = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
LOGGER_NAME = "ray.serve.hitl"
"""Serve gives its parent the replica's log file."""


def serve_logging(level: str) -> dict[str, Any]:
    """Return a deployment's ``logging_config``: one JSON object a line, and no line for each request, which would cost more than
    it."""
    return {"encoding": "JSON", "log_level": level, "enable_access_log": False}


def hot_path_logging(level: str) -> dict[str, Any]:
    """As serve_logging, for a replica where each request counts: Ray's own lines from WARNING on. It makes a line of every
    request and drops it in its last filter; ours keep ``level`` (speak_at)."""
    return serve_logging("WARNING" if level in ("DEBUG", "INFO") else level)


def speak_at(level: str) -> None:
    """Our own lines in this process from ``level`` on, whatever Ray's level is."""
    logging.getLogger(LOGGER_NAME).setLevel(level)


def json_log(name: str = LOGGER_NAME) -> Any:
    """Return a logger whose fields stand beside its message: Serve's JSON encoding makes one object a line of them."""
    return structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.render_to_log_kwargs,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )


class Telemetry:
    """The gateway's meters and its log. Cheap enough to be called for each micro-batch; nothing here waits."""

    def __init__(self) -> None:
        self._log = json_log()
        self._debug = logging.getLogger(LOGGER_NAME).isEnabledFor(logging.DEBUG)
        self._cases = Counter("hitl_cases", description="Cases stored, by route.", tag_keys=("task", "action"))
        self._refused = Counter("hitl_refused_requests", description="Requests refused.", tag_keys=("problem",))
        self._decision_s = Histogram(
            "hitl_decision_seconds",
            description="From the parsed request to its durable record, of the oldest case of each micro-batch.",
            boundaries=SECONDS,
            tag_keys=("task",),
        )
        self._append_s = Histogram("hitl_intake_append_seconds", description="One append of a micro-batch.", boundaries=SECONDS)
        self._rows = Histogram("hitl_micro_batch_rows", description="Cases in one micro-batch.", boundaries=ROWS)
        self._shadow_failures = Counter(
            "hitl_shadow_policy_failures", description="Cases that a shadow policy failed on.", tag_keys=("task",)
        )
        self._generation = Gauge("hitl_serving_generation", description="What serves.", tag_keys=("task", "model_version"))

    def stored(self, records: Sequence[CaseRecord], append_s: float) -> None:
        """One micro-batch is durable."""
        self._rows.observe(len(records))
        self._append_s.observe(append_s)
        for (task, action), count in Tally((record.task, record.action) for record in records).items():
            self._cases.inc(count, tags={"task": task, "action": action})
        if self._debug:
            for record in records:
                self._log.debug("case stored", request_id=record.request_id, case_id=record.case_id, action=record.action)

    def settled(self, task: str, seconds: float) -> None:
        """One micro-batch has its outcomes, ``seconds`` after its oldest case, of ``task``, was parsed."""
        self._decision_s.observe(seconds, tags={"task": task})

    def refused(self, slug: str, status: int, request_id: str) -> None:
        self._refused.inc(1, tags={"problem": slug})
        self._log.info("request refused", request_id=request_id, problem=slug, status=status)

    def failed(self, request_id: str, error: BaseException) -> None:
        """Something that nobody foresaw: the whole of it goes to the log and nothing of it to the client."""
        self._log.error("request failed", request_id=request_id, exc_info=error)

    def shadow_failed(self, task: str, policy: str, why: str) -> None:
        """A shadow policy failed on a case, which was answered as without it. Each is counted, and logged on request: there is
        one a decision."""
        self._shadow_failures.inc(1, tags={"task": task})
        self._log.debug("shadow policy failed", task=task, policy=policy, why=why)

    def swapped(self, task: str, pointer: Pointer) -> None:
        """Another generation serves: its gauge replaces the number, its line says which bytes."""
        for digest, _ in pointer.versions:
            self._generation.set(pointer.generation, tags={"task": task, "model_version": digest})
        versions = [list(version) for version in pointer.versions]
        self._log.info("serving generation adopted", task=task, generation=pointer.generation, versions=versions)

    def warn(self, message: str, **fields: Any) -> None:
        self._log.warning(message, **fields)
