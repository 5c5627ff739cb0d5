"""Alert rules: readings against thresholds, told once, escalated once, resolved once."""

from pathlib import Path

import pytest
from redis.asyncio import Redis

from hitl.adapters.notify.load import load_notifications
from hitl.adapters.valkey.alerts import ValkeyAlerts
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.outbox import DeliveryStatus, Notifications
from hitl.outbox.alerts import Change, OpenAlert, Reading, changes
from hitl.outbox.readings import consecutive_run_failures, oldest_pending_approval_s, pending_deployment_approvals
from hitl.outbox.rules import AlertRule
from tests.fakes.approvals import view

CONFIG: Notifications = load_notifications(
    Path("configs/notifications.yaml").read_text(),
    "configs/notifications.yaml",
    {
        "HITL_NOTIFY_EMAIL_URL": "mailto://x",
        "HITL_NOTIFY_MANAGERS_URL": "mailto://y",
        "HITL_NOTIFY_PAGERDUTY_URL": "pagerduty://z",
    },
)
RULES = {rule.name: rule for rule in CONFIG.alerts}


def told(found: list[Change]) -> list[tuple[str, list[str]]]:
    return [(change.kind, [delivery.channel for delivery in change.deliveries]) for change in found]


def look(rule: AlertRule, value: float | None, now: float, *standing: OpenAlert) -> list[tuple[str, list[str]]]:
    readings = [] if value is None else [Reading("k", value)]
    return told(changes(rule, readings, {f"{each.rule}:{each.key}": each for each in standing}, now, CONFIG))


@pytest.mark.covers("000-70", "000-64")
def test_an_approval_that_waits_300_s_is_told_by_mail_and_chat_and_then_to_the_managers() -> None:
    rule = RULES["approvalTimeouts"]
    approval = view(approval_id="k", requested_at=0.0, kind="custom")
    assert changes(rule, oldest_pending_approval_s([approval], 299.0), {}, 299.0, CONFIG) == []
    (fired,) = changes(rule, oldest_pending_approval_s([approval], 300.0), {}, 300.0, CONFIG)
    assert told([fired]) == [("fired", ["email", "operators"])]  # chat is not configured: its fallback
    assert fired.after is not None
    assert look(rule, 599.0, 599.0, fired.after) == []
    assert look(rule, 600.0, 600.0, fired.after) == [("escalated", ["managers"])]
    assert rule.escalation is not None
    assert rule.escalation.policy == "manager_escalation"


@pytest.mark.covers("000-71")
def test_three_failures_in_a_row_of_an_experiment_are_told_by_mail_and_pager() -> None:
    runs = [("a", "failed"), ("b", "failed"), ("a", ""), ("a", "failed"), ("a", "failed"), ("a", "succeeded"), ("b", "succeeded")]
    found = changes(RULES["mlExperimentFailures"], consecutive_run_failures(runs), {}, 1.0, CONFIG)
    assert [(change.name, told([change])) for change in found] == [
        ("mlExperimentFailures:a", [("fired", ["email", "pagerduty"])])
    ]
    assert RULES["mlExperimentFailures"].auto_retry


@pytest.mark.covers("000-72")
@pytest.mark.parametrize(("waiting", "kinds"), [(9, []), (10, ["fired"])])
def test_ten_deployments_that_wait_are_told_urgently_in_chat_and_console(waiting: int, kinds: list[str]) -> None:
    rows = [view(approval_id=f"d-{n}") for n in range(waiting)]
    others = [view(approval_id="o", kind="custom")] * 5
    found = changes(RULES["deploymentApprovals"], pending_deployment_approvals(rows + others), {}, 1.0, CONFIG)
    assert [change.kind for change in found] == kinds
    for delivery in (each for change in found for each in change.deliveries):
        assert delivery.body["data"]["priority"] == "urgent"
        assert delivery.channel in ("operators", "dashboard")


def test_an_alert_is_told_once_and_its_end_to_everybody_who_was_told() -> None:
    rule = RULES["approvalTimeouts"]
    escalated = OpenAlert(rule.name, "k", 2, 300.0, 300.0, escalated_at=600.0)
    assert look(rule, 900.0, 900.0, escalated) == []
    assert look(rule, None, 901.0, escalated) == [("resolved", ["email", "operators", "managers"])]


def test_an_alert_and_its_end_have_one_title_so_that_a_pager_closes_it() -> None:
    rule = RULES["mlExperimentFailures"]
    (fired,) = changes(rule, [Reading("k", 3.0)], {}, 1.0, CONFIG)
    assert fired.after is not None
    (over,) = changes(rule, [], {fired.name: fired.after}, 2.0, CONFIG)
    assert {each.title for each in (*fired.deliveries, *over.deliveries)} == {"mlExperimentFailures: k"}
    assert {each.severity for each in over.deliveries} == {"success"}


async def test_two_keepers_tell_an_alert_once(valkey: Redis) -> None:
    alerts, store = ValkeyAlerts(valkey), ValkeyOutbox(valkey)
    rule = RULES["deadDeliveries"]
    for now in (1.0, 1.5):
        (fired,) = changes(rule, [Reading("all", 1.0)], {}, now, CONFIG)
        await alerts.write(fired)
    assert [each.id for each in await store.deliveries(DeliveryStatus.WAITING, 0, 9)] == ["alert-deadDeliveries:all-1000-fired-1"]
    (over,) = changes(rule, [], await alerts.standing(), 2.0, CONFIG)
    assert await alerts.write(over)
    assert not await alerts.write(over)
    assert await alerts.standing() == {}
