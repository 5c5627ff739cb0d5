"""Listen on an address and forward each connection to a port of loopback, as the TLS proxy in front of the service would."""

import asyncio
import sys

from tests.cluster.balancer import _join


async def main(address: str, port: str, there: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _join(reader, writer, *await asyncio.open_connection("127.0.0.1", int(there)))
        writer.close()

    async with await asyncio.start_server(serve, address, int(port)) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
