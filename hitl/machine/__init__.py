"""Aggregates as pure machines, and the shell that runs any of them over a journal."""

from hitl.machine.machine import Alarm, Envelope, Machine, Outcome

__all__ = ["Alarm", "Envelope", "Machine", "Outcome"]
