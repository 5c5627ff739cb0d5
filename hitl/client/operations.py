"""Write each operation of the API once: the blocking client answers it, the asynchronous one promises the same answer."""

from collections.abc import Awaitable, Callable
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from hitl.client.calls import HttpCall

P = ParamSpec("P")
A = TypeVar("A")
Mode = TypeVar("Mode", "Blocking", "Awaiting")


class Blocking:
    """Marks a client whose methods return the answer."""


class Awaiting:
    """Marks a client whose methods return an awaitable of the answer."""


class Operations(Generic[Mode]):
    """Base of what holds operations. ``Mode`` says what they return when they are called on a client."""


class ApiOperation(Generic[P, A]):
    """A method that sends the call which the decorated function describes.

    On a class, ``Api.approval("…")`` is the call itself, as data. On a client, ``client.approval("…")`` sends it and
    gives the answer's JSON, of the type that the function's annotation names.
    """

    def __init__(self, describe: Callable[Concatenate[Any, P], HttpCall[A]]) -> None:
        self._describe = describe
        update_wrapper(self, describe)  # type: ignore[arg-type]  # a descriptor is no function, but takes its documentation

    @overload
    def __get__(self, client: None, owner: type) -> Callable[P, HttpCall[A]]: ...
    @overload
    def __get__(self, client: Operations[Blocking], owner: type) -> Callable[P, A]: ...
    @overload
    def __get__(self, client: Operations[Awaiting], owner: type) -> Callable[P, Awaitable[A]]: ...
    def __get__(self, client: Any, owner: type) -> Callable[P, Any]:
        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            described = self._describe(client, *args, **kwargs)
            return described if client is None else client.send(described)

        return update_wrapper(call, self._describe)
