"""The stream of routed cases: one durable record for each case, whoever decides it."""

from hitl.intake.ports import Appended, Intake, IntakeBatch, StoredCase
from hitl.intake.record import CaseRecord

__all__ = ["Appended", "CaseRecord", "Intake", "IntakeBatch", "StoredCase"]
