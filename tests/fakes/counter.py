"""The smallest machine with everything that a shell must serve: sums, refusals, faults and alarms."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hitl.errors import Forbidden, NotFound
from hitl.machine import Alarm, Envelope, Outcome
from hitl.machine.events import PLAIN_EVENTS


@dataclass(frozen=True, slots=True)
class Add:
    number: int
    case_id: str = "c"


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refused, always."""


@dataclass(frozen=True, slots=True)
class Break:
    """A fault in the machine's own code."""


@dataclass(frozen=True, slots=True)
class Start:
    """Set an alarm."""

    name: str
    after_s: float | None = None
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """What the alarm sends."""

    name: str


@dataclass(frozen=True, slots=True)
class Total:
    """``{"total", "status"}``; the status is ``decided`` from 10 on."""


@dataclass(frozen=True, slots=True)
class Missing:
    """NotFound until the first number."""


@dataclass(slots=True)
class Sum:
    total: int = 0
    running: dict[str, dict[str, Any]] = field(default_factory=dict)


class CounterMachine:
    name = "counter"
    events = PLAIN_EVENTS

    def initial(self) -> Sum:
        return Sum()

    def decide(self, state: Sum, command: Any, now: float) -> Outcome:
        match command:
            case Add(0):
                return Outcome([], {"total": state.total})
            case Add(number, case_id):
                return Outcome([{"type": "Added", "number": number, "case_id": case_id}], {"total": state.total + number})
            case Start(name, after_s, at):
                return Outcome([{"type": "Started", "name": name, "after_s": after_s, "at": at}])
            case Stop(name):
                return Outcome([{"type": "Stopped", "name": name}] if name in state.running else [])
            case Break():
                raise ZeroDivisionError
        raise Forbidden("anybody", "do this")

    def evolve(self, state: Sum, event: dict[str, Any], at: float) -> None:
        match event["type"]:
            case "Added":
                state.total += event["number"]
            case "Started":
                state.running[event["name"]] = event
            case "Stopped":
                del state.running[event["name"]]

    def alarms(self, state: Sum, event: dict[str, Any]) -> Iterable[Alarm]:
        return [_alarm(event)] if event["type"] == "Started" else []

    def standing_alarms(self, state: Sum) -> Iterable[Alarm]:
        return [_alarm(event) for event in state.running.values()]

    def plain(self, state: Sum) -> dict[str, Any]:
        return {"total": state.total, "running": sorted(state.running)}

    def query(self, state: Sum, question: Any, now: float) -> dict[str, Any]:
        if isinstance(question, Missing) and not state.total:
            raise NotFound("case", "c")
        return {"total": state.total, "status": "decided" if state.total >= 10 else "pending"}


def envelope(command: Any, command_id: str, fingerprint: str = "f") -> Envelope:
    return Envelope(command, command_id, fingerprint, "tester", "r-1")


def _alarm(event: dict[str, Any]) -> Alarm:
    return Alarm(event["name"], Stop(event["name"]), after_s=event["after_s"], at=event["at"])
