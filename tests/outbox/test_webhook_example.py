"""The example of a receiver takes what the outbox sends: once for each id, and nothing with another signature."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import httpx2
import pytest

from hitl.adapters.notify.webhook import Guard, WebhookSender
from hitl.errors import DeliveryFailed, Undeliverable
from hitl.outbox.destination import networks_of
from hitl.outbox.signature import secret_of
from tests.clients.hosting import until
from tests.free_ports import free_port
from tests.outbox.conftest import SECRET
from tests.outbox.test_cloud_events import DELIVERY
from tests.running import ROOT

GUARD = Guard(networks_of(["127.0.0.0/8"]), True)


@pytest.fixture
def receiver() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    command = [sys.executable, "examples/clients/webhook_receiver.py", str(port)]
    process = subprocess.Popen(
        command, env=os.environ | {"HITL_WEBHOOK_SECRET": SECRET}, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    until(lambda: _answers(f"http://127.0.0.1:{port}/"))
    yield f"http://127.0.0.1:{port}/", process
    process.kill()
    process.communicate()


def _answers(url: str) -> bool:
    with suppress(httpx2.TransportError):
        return httpx2.get(url, timeout=2).status_code == 501
    return False


async def test_an_event_is_printed_once_for_its_id(receiver: tuple[str, subprocess.Popen[str]]) -> None:
    url, process = receiver
    sender = WebhookSender(url, [secret_of(SECRET)], GUARD, is_cloud_event=True)
    for delivery in (DELIVERY, DELIVERY, replace(DELIVERY, id="approval-8-1")):
        await sender.send(delivery)
    process.terminate()
    printed = process.communicate(timeout=30)[0].splitlines()
    assert printed == ['ray-hitl.Deployed {"approval_id": "a", "task": "digits"}'] * 2


async def test_another_signature_is_refused(receiver: tuple[str, subprocess.Popen[str]]) -> None:
    url, process = receiver
    with pytest.raises((Undeliverable, DeliveryFailed)):
        await WebhookSender(url, [b"k" * 32], GUARD, is_cloud_event=True).send(DELIVERY)
    process.terminate()
    assert process.communicate(timeout=30)[0] == ""
