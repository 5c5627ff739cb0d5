"""A client that sends each command once: what is uncertain is settled by reading, never by sending again."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from hitl.errors import StoreUnavailable

CONNECT_TIMEOUT_S = 2.0
ANSWER_TIMEOUT_S = 5.0
"""Longer than any BLOCK that we ask for."""


def connect(url: str) -> Redis:
    """A client of the store at ``url``; connects with its first command. Bound to the event loop that uses it first.

    redis-py repeats a command ten times by default; an append whose answers were lost would then stand there ten times.
    """
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, retry=once, socket_connect_timeout=CONNECT_TIMEOUT_S, socket_timeout=ANSWER_TIMEOUT_S)


def script(client: Redis, name: str) -> AsyncScript:
    """The Lua script ``lua/<name>.lua``, which the store runs as one step."""
    return client.register_script(files(__package__).joinpath("lua", f"{name}.lua").read_text())


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns what the client raises into StoreUnavailable."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise StoreUnavailable(f"{type(error).__name__}: {error}") from error
