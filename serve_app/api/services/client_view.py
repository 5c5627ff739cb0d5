"""What a client is told of the people behind a decision: what was decided and when, never by whom or in which words."""

from dataclasses import replace

from hitl.review.views import HistoryStep, ModelOutcome, OutcomeRecord, PersonOutcome
from serve_app.api.views.decisions import CaseDecision, ClientOutcome, ClientRecord, ToldOutcome, ToldRecord

OF_AN_EVENT = ("type", "at", "queue", "priority", "label", "from", "to", "purpose")
"""What is named here is shown; whatever else comes to stand in an event stays among colleagues."""


def for_client(said: CaseDecision) -> CaseDecision:
    """``said`` without its people."""
    return replace(
        said,
        outcome=None if said.outcome is None else outcome_for_client(said.outcome),
        outcomes=[_record(each) for each in said.outcomes],
        history=[_step(each) for each in said.history],
    )


def outcome_for_client(outcome: ToldOutcome) -> ToldOutcome:
    """``outcome`` without its people.

    >>> outcome_for_client(OutcomeRecord("3", "person", ["ann"], "blurred", 7.0))
    ClientRecord(label='3', by='person', at=7.0)
    """
    if isinstance(outcome, PersonOutcome):
        of_label = (outcome.label, outcome.by, outcome.confidence)
        return ClientOutcome(*of_label, outcome.decided_at, outcome.agrees_with_model, outcome.final_at)
    return outcome if isinstance(outcome, ClientOutcome) else _record(outcome)


def _record(record: ToldRecord) -> ClientRecord | ModelOutcome:
    return ClientRecord(record.label, record.by, record.at) if isinstance(record, OutcomeRecord) else record


def _step(step: HistoryStep) -> HistoryStep:
    return {name: step[name] for name in OF_AN_EVENT if name in step}
