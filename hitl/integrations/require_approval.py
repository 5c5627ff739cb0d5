"""Call a function only after people have approved exactly this call."""

import inspect
import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from hitl.client.async_human_layer import AsyncHumanLayer
from hitl.client.errors import ClientError
from hitl.client.human_layer import HumanLayer
from hitl.client.human_layer_types import HumanApprovalRequest, HumanApprovalResponse

P = ParamSpec("P")
R = TypeVar("R")
Arguments = Mapping[str, Any]
LONGEST_TITLE = 200
OWNERS = frozenset({"self", "cls"})
"""Of a method: the object itself is not shown."""


class NotApproved(ClientError):
    """The function was not called: people rejected it, nobody decided in time, or the arguments changed meanwhile."""

    def __init__(self, what: str, status: str, why: str) -> None:
        super().__init__(what, status, why)
        self.what, self.status, self.why = what, status, why

    def __str__(self) -> str:
        return f"{self.what} was not called ({self.status}): {self.why or 'no reason given'}"


def require_approval(
    *,
    title: str | None = None,
    kind: str = "custom",
    urgency: str = "medium",
    wait_s: float | None = None,
    id_of: Callable[[Arguments], str] | None = None,
    human_layer: HumanLayer | AsyncHumanLayer | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function or a coroutine function: each call asks people, and waits.

    People see the function's name and its arguments, which must be JSON values: what nobody can see, nobody can approve
    (TypeError). ``id_of`` makes a name of the arguments, e.g. of an order's number: a program that starts again finds the
    approval of the same call, instead of asking twice. Without ``human_layer`` the environment names the service.

    Raises NotApproved unless people said yes; ApiError for a refusal; ServiceUnreachable where nobody answers. In each of these
    cases the function was not called.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        asks = _Asks(function, title, kind, urgency, id_of)
        return (
            _asynchronous(asks, wait_s, human_layer)
            if inspect.iscoroutinefunction(function)
            else _blocking(asks, wait_s, human_layer)
        )

    return decorate


class _Asks:
    """What one decorated function asks for."""

    def __init__(
        self, function: Callable[..., Any], title: str | None, kind: str, urgency: str, id_of: Callable[[Arguments], str] | None
    ) -> None:
        self.function, self.name = function, function.__qualname__.rsplit(".", 1)[-1]
        self._title, self._kind, self._urgency, self._id_of = title, kind, urgency, id_of
        self._signature = inspect.signature(function)

    def arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the call's arguments by name, as JSON values of their own. Raises TypeError."""
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        try:
            text = json.dumps({name: value for name, value in bound.arguments.items() if name not in OWNERS}, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{self.name}: people can only approve arguments that are JSON values ({error})") from error
        found: dict[str, Any] = json.loads(text)
        return found

    def request(self, shown: dict[str, Any]) -> HumanApprovalRequest:
        title = self._title or f"Call {self.name}({', '.join(shown)})?"
        context = {"fn": self.name, "kwargs": shown}
        name = self._id_of(shown) if self._id_of else None
        return HumanApprovalRequest(self._kind, title[:LONGEST_TITLE], context=context, urgency=self._urgency, id=name)

    def check(self, answer: HumanApprovalResponse, shown: dict[str, Any], now: dict[str, Any]) -> None:
        """Raises NotApproved unless exactly what is called now was approved."""
        if not answer.approved:
            raise NotApproved(self.name, answer.status, "; ".join(answer.comments) or answer.reason or "")
        if now != shown:
            raise NotApproved(self.name, "changed", "the arguments are not those any more that people approved")


def _blocking(asks: _Asks, wait_s: float | None, given: HumanLayer | AsyncHumanLayer | None) -> Callable[P, R]:
    if isinstance(given, AsyncHumanLayer):
        raise TypeError(f"{asks.name} is no coroutine function: give it a HumanLayer")

    @wraps(asks.function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        shown = asks.arguments(args, kwargs)
        people = given or HumanLayer.from_environment()
        answer = people.request_approval(asks.request(shown), wait_s)
        asks.check(answer, shown, asks.arguments(args, kwargs))
        return cast(R, asks.function(*args, **kwargs))

    return wrapper


def _asynchronous(asks: _Asks, wait_s: float | None, given: HumanLayer | AsyncHumanLayer | None) -> Callable[P, R]:
    if isinstance(given, HumanLayer):
        raise TypeError(f"{asks.name} is a coroutine function: give it an AsyncHumanLayer")

    @wraps(asks.function)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> Any:
        shown = asks.arguments(args, kwargs)
        people = given or AsyncHumanLayer.from_environment()
        answer = await people.request_approval(asks.request(shown), wait_s)
        asks.check(answer, shown, asks.arguments(args, kwargs))
        return await asks.function(*args, **kwargs)

    return cast(Callable[P, R], wrapper)
