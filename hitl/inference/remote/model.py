"""A model behind an endpoint: what it does not answer in time, or at all, has no prediction."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from hitl.inference.classifier import Probabilities
from hitl.inference.remote.card import RemoteCard, remote_card_from
from hitl.inference.remote.ports import Endpoint, EndpointFailed
from hitl.inference.rows import Rows, rows_of
from hitl.quality.calibration import Calibrator, plain_of

Tell = Callable[[str], None]
"""Hears why rows have no prediction."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An endpoint with threads of its own: calls that wait there hold nobody else's."""

    endpoint: Endpoint
    threads: ThreadPoolExecutor
    tell: Tell


class RemoteModel:
    """A Classifier. Until it is connected it answers nothing. ``predict`` blocks for at most the endpoint's ``within_s``."""

    def __init__(self, card: RemoteCard, width: int, connection: Connection | None = None) -> None:
        self.card, self.width, self._connection = card, width, connection
        self._canaries = Canaries(card)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.card.labels)

    @property
    def calibration(self) -> Calibrator | None:
        return self.card.calibrator

    @property
    def within_s(self) -> float:
        """Seconds in which ``predict`` returns."""
        return 0.0 if self._connection is None else self._connection.endpoint.within_s

    def predict(self, rows: Rows) -> Probabilities:
        """NaN for a row that got no answer."""
        if self._connection is None:
            raise RuntimeError(f"{self.card.name} is not connected to its endpoint in this process")
        until = time.monotonic() + self._connection.endpoint.within_s
        if not self._canaries.are_as_approved(self._connection, until):
            return _nothing(len(rows), len(self.labels))
        return _ask(self.card, self._connection, rows, until)

    def connected(self, endpoint: Endpoint, tell: Tell) -> "RemoteModel":
        """Return the same model, able to call."""
        threads = ThreadPoolExecutor(endpoint.at_once, thread_name_prefix=f"remote-{self.card.endpoint}")
        return RemoteModel(self.card, self.width, Connection(endpoint, threads, tell))

    def calibrated(self, calibration: Calibrator | None) -> "RemoteModel":
        plain = None if calibration is None else plain_of(calibration)
        return RemoteModel(self.card.model_copy(update={"calibration": plain}), self.width, self._connection)

    def to_bytes(self) -> bytes:
        return self.card.to_bytes()


class Canaries:
    """Asked when the last round is older than the endpoint's ``canary_s``. A round without answers counts as one that failed."""

    def __init__(self, card: RemoteCard) -> None:
        self._card, self._lock = card, threading.Lock()
        self._asked_at, self._is_as_approved = float("-inf"), True

    def are_as_approved(self, connection: Connection, until: float) -> bool:
        """Tell whether the model answers as the approved one did. One thread asks; the others wait for it."""
        if not self._card.canaries:
            return True
        with self._lock:
            if time.monotonic() - self._asked_at >= connection.endpoint.canary_s:
                self._is_as_approved, self._asked_at = self._ask(connection, until), time.monotonic()
            return self._is_as_approved

    def _ask(self, connection: Connection, until: float) -> bool:
        said = _ask(self._card, connection, rows_of([canary.row for canary in self._card.canaries]), until)
        found = [self._card.labels[int(row.argmax())] if np.isfinite(row).all() else None for row in said]
        other = [canary.label for canary, label in zip(self._card.canaries, found, strict=True) if label != canary.label]
        if other:
            connection.tell(
                f"{len(other)} of {len(found)} canaries are not answered as approved: {self._card.name} answers nothing"
            )
        return not other


def _ask(card: RemoteCard, connection: Connection, rows: Rows, until: float) -> Probabilities:
    """All calls at once, as many as the endpoint takes; what is late is left behind."""
    step = card.protocol.rows_a_call
    parts = [slice(at, min(at + step, len(rows))) for at in range(0, len(rows), step)]
    calls = [connection.threads.submit(_answer, card, connection, rows[part], until) for part in parts]
    wait(calls, timeout=max(0.0, until - time.monotonic()))
    said = [_said(call, part.stop - part.start, len(card.labels)) for call, part in zip(calls, parts, strict=True)]
    return np.concatenate(said) if said else _nothing(0, len(card.labels))


def _answer(card: RemoteCard, connection: Connection, rows: Rows, until: float) -> Probabilities:
    try:
        body = connection.endpoint.call(card.protocol.call(rows, card.asked), until)
        said = card.protocol.read(body, len(rows), card.asked)
    except (EndpointFailed, ValueError) as error:
        connection.tell(f"{card.name} gave no prediction for {len(rows)} rows: {error}")
        return _nothing(len(rows), len(card.labels))
    connection.endpoint.charge(said.tokens)
    return said.probabilities


def _said(call: "Future[Probabilities]", rows: int, labels: int) -> Probabilities:
    if call.done() and not call.cancelled() and call.exception() is None:
        return call.result()
    call.cancel()  # one that has not begun never will
    return _nothing(rows, labels)


def _nothing(rows: int, labels: int) -> Probabilities:
    return np.full((rows, labels), np.nan)


def from_bytes(data: bytes, labels: tuple[str, ...], width: int) -> RemoteModel:
    """Return the model of the card in ``data``, not connected. Raises ValueError for other labels, or canaries of another
    width."""
    card = remote_card_from(data)
    if tuple(card.labels) != labels:
        raise ValueError(f"expected the task's {len(labels)} labels in their order")
    if any(_width(canary.row) != width for canary in card.canaries):
        raise ValueError(f"canaries: expected {f'{width} numbers' if width else 'a text'} a row")
    return RemoteModel(card, width)


def _width(row: Sequence[float] | str) -> int:
    return 0 if isinstance(row, str) else len(row)
