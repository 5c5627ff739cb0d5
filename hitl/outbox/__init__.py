"""Messages that leave the service: rules from events to deliveries, retries, signatures, alerts. Pure."""

from hitl.outbox.delivery import Attempt, Delivery, LoggedAttempt, Status
from hitl.outbox.facts import Fact, facts_of
from hitl.outbox.ports import Outbox, Sender, Store
from hitl.outbox.rules import Channel, Notifications, Rule, deliveries_for

__all__ = [
    "Attempt",
    "Channel",
    "Delivery",
    "Fact",
    "LoggedAttempt",
    "Notifications",
    "Outbox",
    "Rule",
    "Sender",
    "Status",
    "Store",
    "deliveries_for",
    "facts_of",
]
