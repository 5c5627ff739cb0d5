"""Receivers of notices by packages of their own: ``verify`` reads a webhook, ``incident`` sends what PagerDuty's client sends."""

import json
import sys
from typing import Any

from cloudevents.v1.http import from_http
from pagerduty import EventsApiV2Client
from standardwebhooks import Webhook


def verify(headers: str, body: str, secret: str) -> list[Any]:
    """The attributes and the data of the event, once its signature fits."""
    given = json.loads(headers)
    Webhook(secret).verify(body, given)
    event = from_http(given, body.encode())
    return [event["specversion"], event["id"], event["type"], event["subject"], event.data]


def incident(url: str, routing_key: str, dedup_key: str) -> list[Any]:
    client = EventsApiV2Client(routing_key, base_url=url)
    opened = client.trigger("waits", "ray-hitl", dedup_key=dedup_key, severity="critical", custom_details={"key": "a"})
    return [opened, client.resolve(dedup_key)]


print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])), flush=True)
