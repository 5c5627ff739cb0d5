"""A decorated function waits through a kill of the service, and is called once, after the yes."""

from concurrent.futures import ThreadPoolExecutor

from hitl.client import HumanLayer
from hitl.integrations import require_approval
from tests.clients.hosting import HostProcess, until


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
