"""Counters from histories, figures from counters: pure."""

import pytest

from hitl.history import AnyEvent
from hitl.intake import RoutedCase
from hitl.journal.entry import Commit, Effect
from hitl.metrics import Gains, Smoothed, Start, count_cases, count_events, figures
from hitl.metrics.events import ends
from hitl.metrics.figures import counters
from hitl.metrics.prometheus import QueueSample, text
from tests.fakes.history import typed
from tests.fakes.reviews import record

SEEN = {"digest": "d", "model_version": "m", "policy_version": "p", "opened_at": 100.0, "granted_at": 130.0, "due_at": 1000.0}


def commit(at: float, *events: dict[str, object]) -> Effect[AnyEvent]:
    return typed(Commit(at, 1, "ann", "r", "c", f"c{at}", "f", {}, [{"task": "digits", **event} for event in events]))


def totals(gains: Gains, task: str = "digits") -> dict[str, float]:
    found: dict[str, float] = {}
    for (_, of, name), value in gains.counts.items():
        if of == task:
            found[name] = found.get(name, 0.0) + value
    return found


def case(action: str, seconds: float, task: str = "digits") -> RoutedCase:
    return RoutedCase.decode(record("c", task=task, at=10.0, action=action, processing_time=seconds).encode())


@pytest.mark.covers("D17", "003-64")
def test_the_moving_average_begins_at_its_first_sample() -> None:
    _, smoothed = count_cases([case("automatic", 2.0)], {})
    assert smoothed["digits"] == Smoothed(2.0, 1)
    _, smoothed = count_cases([case("automatic", 1.0)], smoothed)
    assert smoothed["digits"].value == pytest.approx(1.9)


@pytest.mark.covers("003-42", "D20", "000-69")
def test_one_automation_rate_over_all_routed_cases() -> None:
    gains, smoothed = count_cases([case("automatic", 1.0)] * 6 + [case("review", 1.0)] * 3 + [case("expert", 1.0)], {})
    told = figures(totals(gains), list(smoothed.values()))
    assert (told["automationRate"].value, told["automationRate"].n) == (0.6, 10)
    assert told["humanInterventionRate"].value == 0.4
    found = counters(totals(gains))
    names = ("total_decisions", "automated_decisions", "human_reviews", "expert_escalations")
    assert [found[name] for name in names] == [10, 6, 3, 1]


@pytest.mark.covers("003-18", "000-67")
def test_the_times_of_a_review_are_those_of_its_events() -> None:
    opened = commit(100.0, {"type": "ReviewOpened", "purpose": "review"})
    answer = {"type": "ReviewDecided", "reviewer": "ann", "seen": SEEN, "final_at": 400.0, "is_expert": False}
    final = {"type": "DecisionFinal", "agrees_with_model": False}
    told = figures(totals(count_events([opened, commit(340.0, answer), commit(400.0, final)], {})), [])
    named = (
        "queueTime",
        "averageReviewTime",
        "averageResponseTime",
        "timeToResolution",
        "slaCompliance",
        "resolvedWithinTwoHours",
    )
    assert [told[name].value for name in named] == [30.0, 210.0, 240.0, 300.0, 1.0, 1.0]
    assert told["reviewEfficiency"].value == pytest.approx(3600 / 210)
    assert (told["agreementRate"].value, told["activeReviewers"].value) == (0.0, 1)


def test_a_decision_without_a_window_is_final_at_once() -> None:
    old = {"type": "ReviewDecided", "reviewer": "ann", "agrees_with_model": True}
    found = totals(count_events([commit(1.0, old)], {}))
    assert (found["decided"], found["agreed"], found.get("timed_decisions")) == (1, 1, None)


@pytest.mark.covers("000-67", "000-69")
def test_approvals_end_in_one_of_their_ways() -> None:
    asked = [commit(0.0, {"type": "ApprovalRequested", "approval_id": f"a{n}", "kind": "model_deployment"}) for n in range(4)]
    ways = ("ApprovalApproved", "ApprovalRejected", "ApprovalExpired", "ApprovalCancelled")
    closed = [commit(60.0, {"type": way, "approval_id": f"a{n}"}) for n, way in enumerate(ways)]
    deployed = commit(70.0, {"type": "Deployed", "approval_id": "a0"})
    told = figures(totals(count_events([*asked, *closed, deployed], {})), [])
    named = ("approvalRate", "rejectionRate", "timeoutRate", "modelDeploymentRate", "approvalResponseTime")
    assert [told[name].value for name in named] == [0.25, 0.25, 0.25, 0.25, 60.0]


def test_what_began_on_another_page_is_asked_for_and_forgotten_at_its_end() -> None:
    over = [commit(90.0, {"type": "CaseMoved", "workflow_id": "w", "to_state": "completed"})]
    assert ends(over) == ["w"]
    gains = count_events(over, {"w": Start(30.0, "-", "case")})
    assert (totals(gains, "-")["workflow_s"], gains.ended) == (60.0, {"w"})
    going_on = [commit(90.0, {"type": "CaseMoved", "workflow_id": "w", "to_state": "human_review"})]
    assert count_events(going_on, {"w": Start(30.0, "-", "case")}).ended == set()


def test_every_figure_says_its_n_and_nothing_of_nothing() -> None:
    told = figures({}, [])
    assert {figure.n for figure in told.values()} == {0}
    assert {figure.value for name, figure in told.items() if name != "activeReviewers"} == {None}
    assert all(figure.definition for figure in told.values())


def test_prometheus_reads_counters_and_gauges() -> None:
    gains, _ = count_cases([case("automatic", 0.5)], {})
    counts = {"digits": totals(gains)}
    lines = text(counts, {"digits": figures(counts["digits"], [])}).splitlines()
    assert 'hitl_cases_total{task="digits"} 1' in lines
    assert 'hitl_processing_seconds_total{task="digits"} 0.5' in lines
    assert 'hitl_automation_rate{task="digits"} 1' in lines


def test_prometheus_reads_queues_and_every_family_says_what_it_is() -> None:
    gains, _ = count_cases([case("automatic", 0.5)], {})
    lines = text({"digits": totals(gains)}, {}, {"digits": QueueSample(3, 7.5, 1)}).splitlines()
    assert [line for line in lines if line.startswith("hitl_queue")] == [
        'hitl_queue_depth{queue="digits"} 3',
        'hitl_queue_oldest_age_seconds{queue="digits"} 7.5',
        'hitl_queue_leases{queue="digits"} 1',
    ]
    helped = {line.split()[2] for line in lines if line.startswith("# HELP")}
    assert helped == {line.split()[2] for line in lines if line.startswith("# TYPE")}
