"""The decorator for any function: it is called after a yes to exactly this call, and in no other case."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from hitl.client import AsyncClient, Client, HumanLayer, ServiceUnreachable
from hitl.client.async_human_layer import AsyncHumanLayer
from hitl.client.patience import Patience
from hitl.integrations import NotApproved, require_approval


class Service:
    """Answers as the service does; ``meanwhile`` runs while people think."""

    def __init__(self, status: str = "approved", meanwhile: Any = lambda: None) -> None:
        self.status, self.meanwhile, self.asked = status, meanwhile, list[dict[str, Any]]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            self.asked.append(json.loads(request.content))
            return httpx2.Response(201, json={"approval_id": "a-1"})
        self.meanwhile()
        votes = [{"voter": "ann", "vote": "reject", "comment": "too much"}]
        said = {"choice": None, "expires_at": 9.0, "tally": {}, "votes": votes, "closing_reason": None}
        return httpx2.Response(200, json={"approval": {"status": self.status, **said}})


def away(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("nobody is there")


def layer(service: Any) -> HumanLayer:
    return HumanLayer([Client("http://hitl", "hitl_a_b", Patience(0.01), httpx2.MockTransport(service))])


def async_layer(service: Any) -> AsyncHumanLayer:
    return AsyncHumanLayer(AsyncClient("http://hitl", "hitl_a_b", Patience(0.01), httpx2.MockTransport(service)))


def test_an_approved_call_is_made_and_people_saw_its_arguments() -> None:
    service = Service()
    pay = require_approval(human_layer=layer(service))(lambda to, amount=5: f"{amount} to {to}")
    assert pay("bob") == "5 to bob"
    assert service.asked[0]["context"] == {"fn": "<lambda>", "kwargs": {"to": "bob", "amount": 5}}


@pytest.mark.parametrize("status", ["rejected", "expired", "cancelled", "failed", "pending"])
def test_nothing_but_a_yes_calls_it(status: str) -> None:
    called = list[int]()
    guarded = require_approval(human_layer=layer(Service(status)), wait_s=0.0)(called.append)
    with pytest.raises(NotApproved, match="too much"):
        guarded(1)
    assert called == []


def test_a_service_that_is_away_calls_nothing() -> None:
    called = list[int]()
    with pytest.raises(ServiceUnreachable):
        require_approval(human_layer=layer(away))(called.append)(1)
    assert called == []


def test_arguments_that_change_while_people_think_are_not_called() -> None:
    order, called = {"amount": 5}, list[Any]()
    service = Service(meanwhile=lambda: order.update(amount=5_000))
    with pytest.raises(NotApproved, match="not those any more"):
        require_approval(human_layer=layer(service))(called.append)(order)
    assert called == []


def test_what_nobody_can_see_is_not_asked() -> None:
    service = Service()
    with pytest.raises(TypeError, match="JSON"):
        require_approval(human_layer=layer(service))(lambda what: what)(object())
    assert service.asked == []


def test_the_name_of_a_call_finds_its_approval_again() -> None:
    service = Service()
    pay = require_approval(human_layer=layer(service), id_of=lambda said: f"pay.{said['order']}")(lambda order: order)
    pay(7)
    assert service.asked[0]["id"] == "pay.7"


def test_a_method_shows_its_arguments_without_its_object() -> None:
    service = Service()

    class Till:
        @require_approval(human_layer=layer(service))
        def pay(self, amount: int) -> int:
            return amount

    assert (Till().pay(3), service.asked[0]["context"]["kwargs"]) == (3, {"amount": 3})


async def test_a_coroutine_function_waits_without_blocking() -> None:
    @require_approval(human_layer=async_layer(Service()))
    async def pay(amount: int) -> int:
        await asyncio.sleep(0)
        return amount

    assert await pay(3) == 3


async def test_a_coroutine_that_was_rejected_never_begins() -> None:
    @require_approval(human_layer=async_layer(Service("rejected")))
    async def pay(amount: int) -> int:
        raise AssertionError("it was called")

    with pytest.raises(NotApproved):
        await pay(3)


def test_a_blocking_layer_is_no_use_to_a_coroutine_function() -> None:
    async def pay() -> None: ...

    with pytest.raises(TypeError, match="AsyncHumanLayer"):
        require_approval(human_layer=layer(Service()))(pay)
