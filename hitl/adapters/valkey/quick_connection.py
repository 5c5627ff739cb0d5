"""Connections of the asynchronous client that take less of the processor for a command.

redis-py packs each argument of a command in Python. Before Python 3.12 it starts a task and a timer for each command that it
sends, and each command takes a connection through a lock and a condition. Here C packs the arguments, as in redis-py's blocking
client; what fits into the transport's buffer is not waited for; and a connection that is free is taken at once.
"""

from asyncio import StreamWriter
from collections.abc import Iterable, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.connection import (
    AbstractConnection,
    BlockingConnectionPool,
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
    parse_url,
)
from redis.connection import HiredisRespSerializer
from redis.exceptions import NoScriptError

_SERIALIZER = HiredisRespSerializer()


class _Quick(AbstractConnection):
    """What an asynchronous connection does otherwise here."""

    def pack_command(self, *args: Any) -> list[bytes]:
        packed: list[bytes] = _SERIALIZER.pack(*args)
        return packed

    async def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:
        writer = self._open_writer()
        if writer is not None and not isinstance(command, bytes | str):
            writer.writelines(command)
            if self._open_writer() is not None:
                return
            command = ()
        await super().send_packed_command(command, check_health)

    def is_lost(self) -> bool:
        """Tell whether the store has closed the connection."""
        return self._reader is not None and self._reader.at_eof()

    def _open_writer(self) -> StreamWriter | None:
        """Return the connection's writer; None where it has to be waited for, or the connection's health be looked at first."""
        writer, reader = self._writer, self._reader
        if writer is None or reader is None or self.health_check_interval or reader.exception() is not None:
            return None
        transport = writer.transport
        has_room = not transport.is_closing() and transport.get_write_buffer_size() <= transport.get_write_buffer_limits()[1]
        return writer if has_room else None


class QuickConnection(_Quick, Connection):
    """Over TCP."""


class QuickSSLConnection(_Quick, SSLConnection):
    """Over TLS."""


class QuickUnixConnection(_Quick, UnixDomainSocketConnection):
    """Over a socket of the machine."""


QUICK: dict[type[AbstractConnection], type[AbstractConnection]] = {
    Connection: QuickConnection,
    SSLConnection: QuickSSLConnection,
    UnixDomainSocketConnection: QuickUnixConnection,
}
"""The quick form of each connection that a URL may ask for."""


class QuickPool(BlockingConnectionPool):
    """Who finds a connection free takes it without waiting for anybody, and gives it back so where nobody waits."""

    _wait_for_one = 0

    async def get_connection(self, *args: Any, **options: Any) -> AbstractConnection:
        """Return a connection that is ready for a command."""
        connection = await self._taken(*args, **options)
        try:
            await _make_ready(self, connection)
        except BaseException:
            await self.release(connection)
            raise
        return connection

    async def _taken(self, *args: Any, **options: Any) -> AbstractConnection:
        if self._available_connections and not self._wait_for_one and not self._in_maintenance:
            free: AbstractConnection = self.get_available_connection()  # type: ignore[no-untyped-call]
            return free
        self._wait_for_one += 1
        try:
            waited_for: AbstractConnection = await super().get_connection(*args, **options)  # type: ignore[no-untyped-call]
            return waited_for
        finally:
            self._wait_for_one -= 1

    async def release(self, connection: AbstractConnection) -> None:
        """Give a connection back."""
        if self._wait_for_one or self._in_maintenance or connection.should_reconnect():  # type: ignore[no-untyped-call]
            await super().release(connection)
            return
        self._in_use_connections.remove(connection)
        self._available_connections.append(connection)


async def _make_ready(pool: QuickPool, connection: AbstractConnection) -> None:
    """Open the connection where it is closed, and anew where the store closed it or something stands in it: a reply that nobody
    read would be taken for the next one. redis-py itself does not look, since it expects that news of maintenance stand there."""
    if connection.is_connected and await _is_spoilt(connection):
        await connection.disconnect(nowait=True)
    if not connection.is_connected:
        await pool.ensure_connection(connection)


async def _is_spoilt(connection: AbstractConnection) -> bool:
    return (isinstance(connection, _Quick) and connection.is_lost()) or await connection.can_read()


def quick_pool(url: str, **terms: Any) -> QuickPool:
    """Return a pool of connections to the store at ``url``, whose own options go before ``terms``."""
    named: dict[str, Any] = {**parse_url(url)}
    return QuickPool(**{**terms, **named, "connection_class": QUICK[named.get("connection_class", Connection)]})


class QuickScript:
    """A Lua script, called over a QuickPool without what redis-py does around each command for retries and observers."""

    def __init__(self, client: Redis, text: str) -> None:
        self._pool, self._script = getattr(client, "connection_pool", None), client.register_script(text)

    async def __call__(self, keys: Sequence[Any] = (), args: Iterable[Any] = ()) -> Any:
        """Execute the script, which the store is told of when it does not know it."""
        args, pool = [*args], self._pool
        if not isinstance(pool, QuickPool):
            return await self._script(keys, args)
        connection = await pool.get_connection()
        try:
            packed = connection.pack_command("EVALSHA", self._script.sha, len(keys), *keys, *args)
            await connection.send_packed_command(packed, check_health=False)
            return await connection.read_response()
        except NoScriptError:
            pass
        finally:
            await pool.release(connection)
        return await self._script(keys, args)
