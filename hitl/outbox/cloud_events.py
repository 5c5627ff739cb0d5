"""A delivery as a CloudEvent (specification 1.0, structured mode in JSON)."""

from datetime import UTC, datetime
from typing import Any

from hitl.outbox.delivery import Delivery

MEDIA_TYPE = "application/cloudevents+json"
TYPE_PREFIX = "ray-hitl."
SOURCE_PREFIX = "urn:ray-hitl:"
SCHEMA_PREFIX = "urn:ray-hitl:event:"
SUBJECTS = ("case_id", "review_id", "approval_id", "interaction_id", "workflow_id", "task")
"""What an event is about: the first of these that it names."""


def cloud_event(delivery: Delivery) -> dict[str, Any]:
    """Return the attributes and the data of ``delivery``. Its ``id`` stays the same in every attempt, as receivers expect.
    Its trace stands in the attributes of the extension for distributed tracing.

    >>> cloud_event(Delivery("a-1-1", "hook", "Deployed", "t", {"source": "a-1", "timestamp": 0.0, "data": {}}, 0.0))["type"]
    'ray-hitl.Deployed'
    """
    body = delivery.body
    data = body.get("data", {})
    subject = next((str(data[name]) for name in SUBJECTS if data.get(name)), None)
    trace = {"traceparent": delivery.traceparent or None, "tracestate": delivery.tracestate or None}
    more = trace | {"subject": subject, "rule": body.get("rule"), "insteadof": body.get("instead_of")}
    return {
        "specversion": "1.0",
        "id": delivery.id,
        "source": SOURCE_PREFIX + str(body.get("source", delivery.id)),
        "type": TYPE_PREFIX + delivery.kind,
        "time": datetime.fromtimestamp(float(body.get("timestamp", delivery.created_at)), UTC).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "dataschema": SCHEMA_PREFIX + delivery.kind,
        "title": delivery.title,
        **{name: value for name, value in more.items() if value is not None},
        "data": data,
    }
