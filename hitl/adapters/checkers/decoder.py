"""Decode pictures, documents and recordings of others in a process of their own (hitl.adapters.checkers.decoding)."""

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from hitl.adapters.checkers.decoding_wire import LENGTHS, PICTURE, SOUND, TOO_MUCH, Asked, Said, Wanted, message_of
from hitl.adapters.checkers.limited import NICENESS, program_of
from hitl.blobs.file_types import FileTerms
from hitl.errors import InvalidInput, StoreUnavailable

MODULE = "hitl.adapters.checkers.decoding"
GRACE_S = 5.0
"""Beyond the limit of a file, for a machine under load; then the process itself is taken to hang."""


@dataclass(frozen=True, slots=True)
class DecodingLimits:
    """Of each file: ``wall_s`` of clock and ``cpu_s`` of processor time."""

    wall_s: float = 10.0
    cpu_s: int = 8


@dataclass(frozen=True, slots=True)
class DecodedFile:
    """A decoded picture, page or recording: ``kind`` is the type of ``data``, which is empty where nothing was to be shown.
    ``pages`` are the document's, ``duration_ms`` is the recording's."""

    kind: str
    width: int
    height: int
    data: bytes
    pages: int = 0
    duration_ms: int = 0


class FileDecoder:
    """One file at a time. The process starts with the first and ends with this one; after a failure a new one starts."""

    def __init__(self, limits: DecodingLimits = DecodingLimits()) -> None:
        self._limits = limits
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def check(self, data: bytes, kind: str, terms: FileTerms) -> DecodedFile:
        """Return what it is. Raises InvalidInput for what cannot be decoded whole, StoreUnavailable where the process cannot be
        started."""
        return await self._ask(data, self._asked(kind, terms, ""))

    async def render(self, data: bytes, kind: str, terms: FileTerms, page: int = 1) -> DecodedFile:
        """Return the pixels as a new file, upright, without anything else that came in ``data``; of a recording a picture of how
        loud it is. Raises as ``check``."""
        return await self._ask(data, self._asked(kind, terms, PICTURE, page))

    async def render_sound(self, data: bytes, kind: str, terms: FileTerms) -> DecodedFile:
        """Return the sound of a recording as a new file, without anything else that came in ``data``. Raises as ``check``."""
        return await self._ask(data, self._asked(kind, terms, SOUND))

    def _asked(self, kind: str, terms: FileTerms, wanted: Wanted, page: int = 1) -> Asked:
        return Asked(
            kind,
            wanted,
            self._limits.wall_s,
            self._limits.cpu_s,
            terms.max_pixels,
            terms.max_pages,
            terms.max_seconds,
            terms.max_channels,
            page,
        )

    async def close(self) -> None:
        """End the process, also under a file that it decodes: who waits for that is told StoreUnavailable."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()

    async def _ask(self, data: bytes, asked: Asked) -> DecodedFile:
        async with self._turn:
            try:
                async with asyncio.timeout(self._limits.wall_s + GRACE_S):
                    said, found = await self._answer(await self._started(), asked, data)
            except TimeoutError as error:
                await self.close()
                raise InvalidInput("", TOO_MUCH) from error
            except BaseException:  # also when the caller leaves: the answer would be taken for the next one's
                await self.close()
                raise
        if said.expected:
            raise InvalidInput("", said.expected)
        return DecodedFile(said.kind, said.width, said.height, found, said.pages, said.duration_ms)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *program_of(MODULE),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd="/",
                env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.environ.get("PYTHONPATH", "")},
            )
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)
        return self._process

    async def _answer(self, process: asyncio.subprocess.Process, asked: Asked, data: bytes) -> tuple[Said, bytes]:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(message_of(asked, data))
            await process.stdin.drain()
            head, size = LENGTHS.unpack(await process.stdout.readexactly(LENGTHS.size))
            said = msgspec.json.decode(await process.stdout.readexactly(head), type=Said)
            return said, await process.stdout.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise StoreUnavailable("the process that decodes files ended") from error
