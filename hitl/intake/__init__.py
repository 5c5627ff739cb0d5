"""The stream of routed cases: one durable record for each case, whoever decides it."""

from hitl.intake.ports import Appended, Intake, IntakeBatch, RoutedRow, StoredCase
from hitl.intake.record import CaseRecord
from hitl.intake.routed import RoutedCase

__all__ = ["Appended", "CaseRecord", "Intake", "IntakeBatch", "RoutedCase", "RoutedRow", "StoredCase"]
