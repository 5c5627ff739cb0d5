"""Aggregates as pure machines, and the shell that runs any of them over a journal."""

from hitl.machine.machine import Alarm, AlarmOver, Envelope, Machine, Outcome
from hitl.machine.recovery import Past
from hitl.machine.shard import Phase, Shard
from hitl.machine.watch import Watcher

__all__ = ["Alarm", "AlarmOver", "Envelope", "Machine", "Outcome", "Past", "Phase", "Shard", "Watcher"]
