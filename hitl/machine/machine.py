"""The contract of an aggregate: ``decide`` refuses or says what happens, ``evolve`` makes it so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from hitl.canonical import JsonObject
from hitl.machine.asked import A, Command
from hitl.machine.events import EventCodec
from hitl.trace_context import TraceContext

State = TypeVar("State")


class Envelope(NamedTuple, Generic[A]):
    """A command with what the shell needs to know of it; ``A`` is what its caller is told.

    ``command`` is one of the machine's frozen command dataclasses. A command that comes again with the same
    ``command_id`` and ``fingerprint`` gets the stored answer; with another fingerprint, IdempotencyConflict. ``trace`` is the one
    that the command belongs to; None where tracing is off.
    """

    command: Command[A]
    command_id: str
    fingerprint: str
    by: str
    request_id: str
    trace: TraceContext | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command does: ``events`` (none means that nothing changes and nothing is recorded) and the caller's answer.

    Events are the machine's own types, named in the past tense; the answer is a view, or a plain JSON object.
    """

    events: Sequence[Any]
    answer: Any = field(default_factory=dict)


class Alarm(NamedTuple):
    """A command that time sends. It must be harmless when it comes too late or twice.

    ``after_s`` counts on the shell's monotonic clock from when the alarm is set (leases); ``at`` is UTC seconds
    (deadlines). Exactly one of them is given. A later alarm with the same ``key`` replaces an earlier one.
    """

    key: str
    command: Any
    after_s: float | None = None
    at: float | None = None


class AlarmOver(NamedTuple):
    """The alarm with ``key`` would change nothing any more: it need not ring."""

    key: str


class Machine(Protocol[State]):
    """An aggregate. All methods are deterministic and do no I/O."""

    name: str
    events: EventCodec[Any]
    """How its events are written to the journal and read from it."""

    def initial(self) -> State:
        """Return the state before any event."""

    def decide(self, state: State, command: Any, now: float) -> Outcome:
        """Return what ``command`` does at ``now`` (UTC seconds). Never changes ``state``; raises a HitlError to refuse."""

    def evolve(self, state: State, event: Any, at: float) -> None:
        """Apply one event, in place. Never fails and touches only ``state``."""

    def alarms(self, state: State, event: Any) -> Iterable[Alarm | AlarmOver]:
        """Return the alarms that ``event``, just applied, sets, and those that are over because of it: what is not told to be
        over stays in memory until it rings."""

    def standing_alarms(self, state: State) -> Iterable[Alarm]:
        """Return the alarms to set after a recovery."""

    def plain(self, state: State) -> JsonObject:
        """Return the compared state as JSON: equal for equal histories."""

    def query(self, state: State, question: Any, now: float) -> Any:
        """Return the view that answers one of the machine's frozen question dataclasses. Never changes ``state``."""
