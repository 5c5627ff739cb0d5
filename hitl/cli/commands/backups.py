"""``hitl backup`` and ``hitl restore``: copy all data out of a running service, and into an empty place."""

import asyncio
import getpass
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from redis.asyncio import Redis

from hitl.adapters.files.signers import open_signer
from hitl.adapters.valkey.backup import Manifest, Places, Why, back_up, restore
from hitl.adapters.valkey.client import connect
from hitl.cli.commands.connection import JsonOutput, tell
from hitl.cli.commands.keys import signing_key_file, store_url
from hitl.cli.local.parts import PartsContext, valkey
from hitl.cli.local.place import DataLayout, place_of
from hitl.cli.local.tcp_ports import choose_ports
from hitl.cli.local.up_file import read_up
from hitl.errors import InvalidInput, NotStarted
from hitl.settings import Settings

STORE_WITHIN_S = 30.0
TICK_S = 0.05
T = TypeVar("T")


def backup(
    target: Annotated[Path, typer.Argument(help="A directory that is not there yet.")], as_json: JsonOutput = False
) -> None:
    """Copy journals, cases, archive, models and keys' digests to TARGET while the service runs. The master key and MLflow are
    not in it: keep the one apart, and back the other up with 'hitl tracking backup'."""
    url, places = store_url(), _places(Settings())
    _say("backed up to", target, _with(url, lambda client: back_up(client, places, target, time.time())), as_json)


def restore_backup(
    source: Annotated[Path, typer.Argument(help="A directory that 'hitl backup' wrote.")],
    reason: Annotated[str, typer.Option(help="Why: it stands in the access journal.")],
    as_json: JsonOutput = False,
) -> None:
    """Put a backup into an empty store while the service is stopped, verify it, and note on the record that this was meant."""
    settings, why = Settings(), Why(getpass.getuser(), reason, time.time())
    with _empty_store(settings) as url:
        places = _places(settings)
        signer = open_signer(signing_key_file(settings))
        _say("restored from", source, _with(url, lambda client: restore(client, places, source, why, signer)), as_json)


def _say(what: str, where: Path, manifest: Manifest, as_json: bool) -> None:
    entries = sum(seq for seq, _ in manifest.heads.values())
    told = {"folder": str(where), "entries": entries, "files": len(manifest.files)}
    tell(told, f"{what} {where}: {entries} journal entries, {len(manifest.files)} files", as_json)


def _places(settings: Settings) -> Places:
    place = place_of(settings.data_dir)
    artifacts, blobs = settings.artifact_uri or str(place.artifacts), settings.blob_uri or str(place.data_dir / "blobs")
    return Places(settings.archive, artifacts, blobs)


def _with(url: str, use: Callable[[Redis], Awaitable[T]]) -> T:
    async def run() -> T:
        client = connect(url)
        try:
            return await use(client)
        finally:
            await client.aclose()

    return asyncio.run(run())


@contextmanager
def _empty_store(settings: Settings) -> Iterator[str]:
    """The URL of the external store, or of the embedded one, which runs meanwhile. Raises InvalidInput where the service
    runs, or its store is not empty."""
    if settings.external_redis_url:
        yield settings.external_redis_url
        return
    place = place_of(settings.data_dir)
    if read_up(place) is not None:
        raise InvalidInput("/service", "a stopped service: 'hitl down' first")
    if (place.valkey / "appendonlydir").exists():
        raise InvalidInput("/store", f"an empty store: move {place.valkey / 'appendonlydir'} away first")
    place.prepare()
    yield from _running_store(place, settings)


def _running_store(place: DataLayout, settings: Settings) -> Iterator[str]:
    stage = PartsContext(place, choose_ports(place.ports_file, settings.http_host, 0), settings)
    part = valkey(stage)
    with part.log.open("ab") as log:
        process = subprocess.Popen(part.argv, env=dict(part.environment), stdout=log, stderr=log)
    try:
        until = time.monotonic() + STORE_WITHIN_S
        while not part.is_ready():
            if process.poll() is not None or time.monotonic() > until:
                raise NotStarted("valkey", f"see {part.log}")
            time.sleep(TICK_S)
        yield stage.redis_url
    finally:
        process.terminate()
        process.wait()
