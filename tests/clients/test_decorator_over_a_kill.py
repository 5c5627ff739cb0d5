"""A decorated function waits through a kill of the service, and is called once, after the yes."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hitl.client import HumanLayer
from hitl.integrations import require_approval
from tests.clients.hosting import HostProcess, program, until
from tests.running import ROOT


def test_a_call_that_waits_when_the_service_dies_is_made_after_the_vote(host: HostProcess) -> None:
    called = list[int]()

    def pay(order: int) -> None:
        called.append(order)

    layer = HumanLayer([host.as_("client")])
    guarded = require_approval(title="Pay?", id_of=lambda given: f"pay.{given['order']}", human_layer=layer)(pay)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(guarded, 7)
        with host.as_("approver") as approver:
            found = until(lambda: approver.approvals(status="pending")["approvals"])[0]
        host.restart()
        assert called == []
        with host.as_("approver") as approver:
            approver.vote(found["approval_id"], "approve", found["digest"])
        call.result(120)
    guarded(7)
    assert called == [7, 7]


def test_the_example_that_was_stopped_finds_its_approval(host: HostProcess) -> None:
    """Program and service die while people think."""
    told = {"HITL_API_URL": host.url, "HITL_API_KEY": "client", "PYTHONPATH": str(ROOT)}
    example = (Path(sys.executable), "examples/clients/guarded_refund.py", "8", "5.0")
    first = program(*example, **told)
    with host.as_("approver") as approver:
        found = until(lambda: approver.approvals(status="pending")["approvals"])[0]
    first.kill()
    first.communicate()
    host.restart()
    with host.as_("approver") as approver:
        approver.vote(found["approval_id"], "approve", found["digest"])
    assert program(*example, **told).communicate(timeout=60)[0] == "refunded 5.0 of order 8\n"
