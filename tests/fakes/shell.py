"""A shard in memory: runs a machine over a list of encoded commits, with a clock that tests move."""

import json
from dataclasses import dataclass, field
from typing import Any, overload

from hitl.canonical import canonical
from hitl.journal import GENESIS, Commit, Effect, Entry, follow
from hitl.machine import Alarm, AlarmOver, Machine
from hitl.machine.asked import A, Command, Question, answer_of, name_of
from hitl.machine.codec import decode, encode

START = 1_000_000.0


@dataclass
class Shell:
    """One clock stands for wall and monotonic time."""

    machine: Machine[Any]
    now: float = START
    entries: list[Entry] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    alarms: dict[str, tuple[float, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = self.machine.initial()

    @overload
    def send(self, command: Command[A], command_id: str | None = None, by: str = "someone") -> A: ...
    @overload
    def send(self, command: Any, command_id: str | None = None, by: str = "someone") -> dict[str, Any]: ...
    def send(self, command: Any, command_id: str | None = None, by: str = "someone") -> Any:
        """Decide, append, evolve, answer; a known ``command_id`` gets its stored answer."""
        if command_id in self.answers:
            return self.answers[command_id]
        before = canonical(self.plain())
        outcome = self.machine.decide(self.state, command, self.now)
        assert canonical(self.plain()) == before, "decide changed the state"
        if outcome.events:
            self._commit(command, command_id or f"c{len(self.entries) + 1}", by, outcome.events, outcome.answer)
        return outcome.answer

    def events(self, command: Any) -> list[dict[str, Any]]:
        """Send and tell the events of it."""
        count = len(self.entries)
        self.send(command)
        return self.commits()[-1].events if len(self.entries) > count else []

    @overload
    def ask(self, question: Question[A]) -> A: ...
    @overload
    def ask(self, question: Any) -> dict[str, Any]: ...
    def ask(self, question: Any) -> Any:
        return self.machine.query(self.state, question, self.now)

    def advance(self, seconds: float) -> None:
        """Move the clock, and let every alarm on the way fire at its time."""
        until = self.now + seconds
        while due := [(at, key) for key, (at, _) in self.alarms.items() if at <= until]:
            at, key = min(due)
            self.now = max(self.now, at)
            self.send(self.alarms.pop(key)[1], by="time")
        self.now = until

    def commits(self) -> list[Commit]:
        return [Commit.decode(entry.body) for entry in self.entries]

    def effects(self) -> list[Effect[Any]]:
        """The entries as the machine reads them, with its own events."""
        return [self.machine.events.read(entry.body) for entry in self.entries]

    def plain(self) -> dict[str, Any]:
        return self.machine.plain(self.state)

    def replayed(self) -> dict[str, Any]:
        """The compared state of a second life, from the stored bytes alone."""
        state = self.machine.initial()
        for effect in self.effects():
            for event in effect.events:
                self.machine.evolve(state, event, effect.at)
        return self.machine.plain(state)

    def recover(self) -> None:
        """Forget everything but the journal, as after a crash, and go on from a snapshot of what it leads to."""
        self.state = self.machine.initial()
        for effect in self.effects():
            for event in effect.events:
                self.machine.evolve(self.state, event, effect.at)
        found = decode(type(self.state), json.loads(canonical(encode(self.state))))
        assert found == self.state, "a snapshot does not come back as it was"
        self.state = found
        self.alarms = {}
        self._set(self.machine.standing_alarms(self.state))

    def _commit(self, command: Any, command_id: str, by: str, events: Any, answer: Any) -> None:
        name = name_of(command)
        commit = Commit(self.now, 1, by, "r", name, command_id, "f", answer, events)
        previous = self.entries[-1].hash if self.entries else GENESIS
        body, effect = self.machine.events.write(commit)
        self.entries.append(follow(previous, len(self.entries) + 1, body))
        self.answers[command_id] = answer_of(command, Commit.decode(body).answer)
        for event in effect.events:
            self.machine.evolve(self.state, event, self.now)
            self._set(self.machine.alarms(self.state, event))

    def _set(self, alarms: Any) -> None:
        for alarm in alarms:
            if isinstance(alarm, AlarmOver):
                self.alarms.pop(alarm.key, None)
                assert alarm.key not in {each.key for each in self.machine.standing_alarms(self.state)}, "it still counts"
            else:
                self.alarms[alarm.key] = (self._time_of(alarm), alarm.command)

    def _time_of(self, alarm: Alarm) -> float:
        return alarm.at if alarm.at is not None else self.now + (alarm.after_s or 0.0)
