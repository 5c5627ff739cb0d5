"""Messages that leave the service: rules from events to deliveries, retries, signatures, alerts. Pure."""

from hitl.outbox.delivery import Attempt, Delivery, DeliveryStatus, LoggedAttempt
from hitl.outbox.facts import Fact, facts_of
from hitl.outbox.ports import Outbox, Sender, Store
from hitl.outbox.rules import Channel, NotificationRule, Notifications, deliveries_for

__all__ = [
    "Attempt",
    "Channel",
    "Delivery",
    "DeliveryStatus",
    "Fact",
    "LoggedAttempt",
    "NotificationRule",
    "Notifications",
    "Outbox",
    "Sender",
    "Store",
    "deliveries_for",
    "facts_of",
]
