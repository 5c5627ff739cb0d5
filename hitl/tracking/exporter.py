"""Export finished calls to MLflow off the hot path: a bounded queue, one thread, a disk buffer.

``submit`` never blocks and never raises: a full queue drops the trace and counts it. An orderly stop waits for the queue,
then leaves the rest on disk, where the next process finds it.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hitl.errors import SinkAway, SinkRefused
from hitl.tracking.buffer import DiskBuffer
from hitl.tracking.ports import Sink
from hitl.tracking.record import RawTrace, Trace

_log = logging.getLogger(__name__)
BATCH = 32
"""Traces of one export: large enough to share a request, small enough to repeat."""
PAUSE_S = 0.1
"""How long the thread gathers before it looks again: batches form, and the callers' threads keep the interpreter."""
RETRY_S, MAX_RETRY_S = 0.5, 15.0
"""The first and the longest wait before MLflow is asked again."""


@dataclass(slots=True)
class Counts:
    """Since the start of the process; ``buffered`` is what it has on disk now, ``exported`` counts what was replayed too."""

    submitted: int = 0
    exported: int = 0
    dropped: int = 0
    rejected: int = 0
    buffered: int = 0
    replayed: int = 0


class Exporter:
    """``refine`` makes the stored trace from the raw one; ``on_trace`` sees each before it is exported (budgets)."""

    def __init__(
        self,
        sink: Callable[[], Sink],
        refine: Callable[[RawTrace], Trace],
        buffer: Callable[[], DiskBuffer],
        *,
        capacity: int = 10_000,
        on_trace: Callable[[Trace], None] | None = None,
        retry_s: float = RETRY_S,
    ) -> None:
        self._open_sink, self._refine, self._open_buffer, self._on_trace = sink, refine, buffer, on_trace
        self._queue: deque[RawTrace] = deque()
        self._capacity, self._retry_s = capacity, retry_s
        self._lock, self._wake, self._idle = threading.Lock(), threading.Event(), threading.Condition()
        self._thread: threading.Thread | None = None
        self._sink: Sink | None = None
        self._buffer: DiskBuffer | None = None
        self._closing, self._busy = False, False
        self._in_flight: Sequence[Trace] = ()
        self._ask_at, self._wait_s = 0.0, retry_s
        self.counts = Counts()
        self.away_why: str | None = None

    def submit(self, trace: RawTrace) -> bool:
        """Take a finished trace; False when it was dropped. Microseconds, whatever MLflow does."""
        with self._lock:
            self.counts.submitted += 1
            if self._closing or len(self._queue) >= self._capacity:
                self.counts.dropped += 1
                return False
            self._queue.append(trace)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="hitl-tracking", daemon=True)
                self._thread.start()
        return True

    @property
    def waiting(self) -> int:
        """Traces in memory that are neither stored nor on disk."""
        return len(self._queue)

    def flush(self, timeout_s: float = 30.0) -> bool:
        """Wait until everything submitted so far is stored (or refused); False when time ran out or it went to disk."""
        self._ask_at = 0.0
        self._wake.set()
        with self._idle:
            done = self._idle.wait_for(lambda: not self._queue and not self._busy, timeout_s)
        return done and not self._buffer

    def close(self, timeout_s: float = 5.0) -> None:
        """Stop in order: export for ``timeout_s`` at most, then write what is left to disk."""
        with self._lock:
            self._closing = True
            thread = self._thread
        self._wake.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout_s)
            if thread.is_alive():
                _log.warning("tracking: still exporting after %.1f s; %d traces go to disk", timeout_s, self.waiting)
        self._keep_rest(is_running=thread is not None and thread.is_alive())

    def _run(self) -> None:
        while True:
            self._wake.wait(PAUSE_S)
            self._wake.clear()
            self._step()
            if self._closing and (self.away_why or not self._queue):
                return

    def _step(self) -> None:
        self._busy = True
        try:
            self._replay()
            while self._queue and not (self._closing and self.away_why):
                self._deliver([self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))])
                self._replay()
        except Exception:  # noqa: BLE001 - the thread outlives any fault of a sink or a disk
            _log.exception("tracking: an export step failed")
        finally:
            self._busy = False
            with self._idle:
                self._idle.notify_all()

    def _deliver(self, raw: Sequence[RawTrace]) -> None:
        traces = self._in_flight = [trace for item in raw if (trace := self._refined(item)) is not None]
        if not self._can_ask() or (self._buffer is not None and len(self._buffer)):
            self._keep(traces)
            self._in_flight = ()
            return
        try:
            self._export(traces, is_repeat=False)
        except SinkAway as away:
            self._went_away(away)
            self._keep(traces)
        self._in_flight = ()

    def _refined(self, raw: RawTrace) -> Trace | None:
        try:
            trace = self._refine(raw)
            if self._on_trace is not None:
                self._on_trace(trace)
        except Exception:  # noqa: BLE001 - one trace's fault is counted and must not stop the others
            _log.exception("tracking: a trace could not be refined")
            self.counts.rejected += 1
            return None
        return trace

    def _export(self, traces: Sequence[Trace], *, is_repeat: bool) -> None:
        """One by one after a failure: a trace that MLflow never takes must neither hold up the others nor take them with it."""
        try:
            if self._sink is None:
                self._sink = self._open_sink()
            self._sink.export(traces, is_repeat=is_repeat)
            self.counts.exported += len(traces)
        except SinkAway:
            raise
        except Exception as error:  # noqa: BLE001 - a plugged sink may raise anything of one trace; the others are stored
            if len(traces) > 1:
                for trace in traces:
                    self._export([trace], is_repeat=True)
            else:
                _log.warning("tracking: a trace is left out: %s", error, exc_info=not isinstance(error, SinkRefused))
                self.counts.rejected += len(traces)
        self.away_why, self._wait_s = None, self._retry_s

    def _replay(self) -> None:
        buffer = self._buffer if self._buffer is not None else self._opened()
        while len(buffer) and self._can_ask():
            traces = buffer.oldest()
            if not traces:
                return
            try:
                self._export(traces, is_repeat=True)
            except SinkAway as away:
                return self._went_away(away)
            buffer.forget_oldest()
            self.counts.replayed += len(traces)
            self.counts.buffered = max(self.counts.buffered - len(traces), 0)

    def _opened(self) -> DiskBuffer:
        self._buffer = self._open_buffer()
        return self._buffer

    def _keep(self, traces: Sequence[Trace]) -> None:
        if not traces:
            return
        self._count_kept(self._buffer if self._buffer is not None else self._opened(), traces)

    def _count_kept(self, buffer: DiskBuffer, traces: Sequence[Trace]) -> None:
        try:
            dropped = buffer.append(traces)
        except OSError:
            _log.exception("tracking: %d traces could not be written to disk", len(traces))
            dropped = len(traces)
        self.counts.dropped += dropped
        self.counts.buffered += len(traces) - dropped

    def _can_ask(self) -> bool:
        return time.monotonic() >= self._ask_at

    def _went_away(self, away: SinkAway) -> None:
        if self.away_why is None:
            _log.warning("tracking: %s; traces go to disk until it is back", away)
        self.away_why = away.why
        self._ask_at = time.monotonic() + self._wait_s
        self._wait_s = min(self._wait_s * 2, MAX_RETRY_S)

    def _keep_rest(self, *, is_running: bool) -> None:
        rest = [self._queue.popleft() for _ in range(len(self._queue))]
        waiting = [trace for raw in rest if (trace := self._refined(raw)) is not None]
        traces = [*self._in_flight, *waiting] if is_running else waiting
        if is_running and traces:
            self._keep_aside(traces)
        elif traces:
            self._keep(traces)
        if self._buffer is not None and not is_running:
            self._buffer.close()

    def _keep_aside(self, traces: Sequence[Trace]) -> None:
        """The thread still holds the buffer: these, and the batch it is at, go to a directory of their own."""
        aside = self._open_buffer()
        self._count_kept(aside, traces)
        aside.close()
