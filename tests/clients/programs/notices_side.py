"""Receivers of notices by packages of their own: ``verify`` reads a webhook, ``incident`` sends what PagerDuty's client sends."""

import json
import sys
from typing import Any

import httpx2
from cloudevents.v1.http import from_http
from pagerduty import EventsApiV2Client
from standardwebhooks import Webhook


def verify(headers: str, body: str, secret: str) -> list[Any]:
    """The attributes and the data of the event, once its signature fits."""
    given = json.loads(headers)
    Webhook(secret).verify(body, given)
    event = from_http(given, body.encode())
    return [event["specversion"], event["id"], event["type"], event["subject"], event.data]


def incident(routing_key: str, dedup_key: str) -> list[Any]:
    """The paths and the bodies that open and resolve an incident; its client takes no address but one of https."""
    sent = []

    def take(request: httpx2.Request) -> httpx2.Response:
        sent.append([request.url.path, json.loads(request.content)])
        return httpx2.Response(202, json={"status": "success", "message": "Event processed", "dedup_key": dedup_key})

    client = EventsApiV2Client(routing_key, transport=httpx2.MockTransport(take))
    client.trigger("waits", "ray-hitl", dedup_key=dedup_key, severity="critical", custom_details={"key": "a"})
    client.resolve(dedup_key)
    return sent


print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])), flush=True)
