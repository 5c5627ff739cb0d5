"""What one listener is told of the shards' positions: the parts that their roles let them see, and nothing of other tasks."""

from collections.abc import Mapping

from hitl.identity import Principal
from hitl.machine.shards import ACCESS, APPROVAL, LEARNING, WORKFLOW
from serve_app.api.services.permissions import PERMISSIONS

ALERTS, REVIEWS = "alerts", "reviews"
TOPICS = {APPROVAL: "approvals", WORKFLOW: "workflows", LEARNING: "learning", ACCESS: "people", ALERTS: ALERTS}
NEEDS = {
    "approvals": "see_approvals",
    "workflows": "see_metrics",
    "learning": "see_retrainings",
    "people": "manage_people",
    ALERTS: "see_alerts",
    REVIEWS: "see_queues",
}
"""The permission that a topic needs. Of their own interactions everybody hears on the same socket, by other messages."""

Positions = Mapping[str, int]


def topic_of(name: str) -> str:
    """Return the topic of a shard, or of the alerts.

    >>> topic_of("review-3")
    'reviews'
    """
    return TOPICS.get(name, REVIEWS)


def topics_of(person: Principal) -> list[str]:
    """Return the topics that the person may hear of at all, in alphabetical order."""
    return sorted(topic for topic, needed in NEEDS.items() if person.may(*PERMISSIONS[needed]))


def visible(person: Principal, positions: Positions) -> dict[str, int]:
    """Return the positions that say nothing beyond the person's rights. A shard holds the events of all tasks, so who is bounded
    to some of them is shown none."""
    if not person.is_of_every_task:
        return {}
    told = topics_of(person)
    return {name: position for name, position in positions.items() if topic_of(name) in told}


def changed(before: Positions, now: Positions) -> list[str]:
    """Return the topics whose positions differ, in alphabetical order.

    >>> changed({"approval": 3, "review-0": 7}, {"approval": 4, "review-0": 7})
    ['approvals']
    """
    return sorted({topic_of(name) for name, position in now.items() if before.get(name) != position})
