"""Ask MLflow in a few threads of its own, so that a hung server holds up nothing else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from hitl.errors import Overloaded, SinkAway
from hitl.tracking.config import TrackingConfig, load_config
from hitl.tracking.exporter import Counts
from hitl.tracking.process import active
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.views import Probes, Reader, without_password

T = TypeVar("T")
READERS, PROBERS = 2, 1
"""Threads for reading, and one more for the health check: it must answer while the others hang."""

MAX_ASKED = 16
"""Requests that read or wait for a thread; more get 503."""

ANSWER_S = 20.0
"""MLflow's own tools page through ten thousand runs in two seconds on a quiet machine."""


class Tracking:
    """``open_reader`` is called once, in a thread, at the first question: it imports MLflow, which takes seconds."""

    def __init__(
        self,
        settings: TrackingSettings,
        config: TrackingConfig,
        open_reader: Callable[[str], Reader],
        counts: Callable[[], Counts] = Counts,
        answer_s: float = ANSWER_S,
    ) -> None:
        self.settings, self.config, self.counts = settings, config, counts
        self._open, self._answer_s, self._asked = open_reader, answer_s, 0
        self._reader: Reader | None = None
        self._read = ThreadPoolExecutor(READERS, "hitl-mlflow-read")
        self._probe = ThreadPoolExecutor(PROBERS, "hitl-mlflow-probe")

    async def ask(self, question: Callable[[Reader], T]) -> T:
        """Return the answer of a question to the reader. Raises SinkAway, Overloaded."""
        if self._asked >= MAX_ASKED:
            raise Overloaded("requests for MLflow's figures", MAX_ASKED)
        self._asked += 1
        try:
            return await self._within(self._read, lambda: question(self._opened()))
        finally:
            self._asked -= 1

    async def probes(self) -> Probes:
        """Probe each dependency; never raises."""
        try:
            return await self._within(self._probe, lambda: self._opened().probes())
        except SinkAway as away:
            return Probes(away.why, away.why, away.why)

    def close(self) -> None:
        """Start nothing more; what hangs is left to the end of the process."""
        for pool in (self._read, self._probe):
            pool.shutdown(wait=False, cancel_futures=True)

    def _opened(self) -> Reader:
        if self._reader is None:
            self._reader = self._open(self.settings.tracking_uri)
        return self._reader

    async def _within(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(pool, work), self._answer_s)
        except TimeoutError as error:
            raise SinkAway(without_password(self.settings.tracking_uri), f"no answer in {self._answer_s:g} s") from error


def of_this_process(uri: str | None, open_reader: Callable[[str], Reader]) -> Tracking:
    """MLflow as this process's environment names it, else the one at ``uri``."""
    named = TrackingSettings()
    settings = named.model_copy(update={"uri": named.uri or uri})
    return Tracking(settings, load_config(settings.config), open_reader, lambda: active().counts)


def switched_off() -> Tracking:
    """No MLflow: every route answers that tracking is disabled."""
    return Tracking(TrackingSettings(switch=False), TrackingConfig(), _nothing_to_read)


def _nothing_to_read(uri: str) -> Reader:
    raise SinkAway(without_password(uri), "tracking is disabled")
