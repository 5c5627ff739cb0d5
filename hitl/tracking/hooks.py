"""Track saved objects by subscribing to the signals that saving already sends.

``Signal`` has the shape of the signals that web frameworks send after a save (``connect(receiver, sender=…)``, receivers
called with ``sender, instance, created``), so that a receiver made here connects to either.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from hitl.tracking import process
from hitl.tracking.capture import fields_of, plain
from hitl.tracking.extract import numbers_in

_log = logging.getLogger(__name__)
Receiver = Callable[..., None]


class Connectable(Protocol):
    """Anything with a signal's ``connect``."""

    def connect(self, receiver: Receiver, sender: Any = None, weak: bool = True) -> None: ...


class Signal:
    """Calls its receivers in the order in which they connected; the sender does not see their errors."""

    def __init__(self) -> None:
        self._receivers: list[tuple[Any, Receiver]] = []

    def connect(self, receiver: Receiver, sender: Any = None, weak: bool = False) -> None:
        """Call ``receiver`` for events of ``sender`` (None: of all). ``weak`` is accepted as Django's signals do, and ignored."""
        if (sender, receiver) not in self._receivers:
            self._receivers.append((sender, receiver))

    def send(self, sender: Any, **told: Any) -> None:
        """Tell every receiver of this sender."""
        for wanted, receiver in list(self._receivers):
            if wanted is None or wanted is sender:
                _call(receiver, sender, told)


def track_saved(
    signal: Connectable,
    sender: Any,
    feature: str,
    describe: Callable[[Any], Mapping[str, Any]] | None = None,
    *,
    operation: str = "",
) -> Receiver:
    """Record each object of ``sender`` that ``signal`` says was saved: numbers as metrics, texts as tags.

    ``describe`` chooses what is told (default: the object's public fields). Saving never fails because of it.
    """

    def saved(sender: Any, instance: Any, created: bool = True, **_: Any) -> None:
        if not process.active().enabled:
            return
        told = plain(dict(describe(instance) if describe else fields_of(instance) or {}))
        texts = {key: value for key, value in told.items() if isinstance(value, str)}
        name = operation or f"{getattr(sender, '__name__', sender)}.{'created' if created else 'updated'}"
        process.active().log_experiment_result(feature, name, metrics=numbers_in(told), tags=texts)

    receiver = _guarded(saved)
    signal.connect(receiver, sender=sender, weak=False)
    return receiver


def _guarded(receiver: Receiver) -> Receiver:
    def call(sender: Any, **told: Any) -> None:
        told.pop("signal", None)
        _call(receiver, sender, told)

    return call


def _call(receiver: Receiver, sender: Any, told: Mapping[str, Any]) -> None:
    try:
        receiver(sender, **told)
    except Exception:  # noqa: BLE001 - a subscriber's fault must not fail the save it listens to
        _log.exception("tracking: a subscriber to %r failed", sender)
