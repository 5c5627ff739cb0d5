"""Read the pixels of pictures of others, decoded in a process of their own (hitl.adapters.checkers.decoding). Blocks.

A model's thread waits for it, where hitl.adapters.checkers.decoder serves an event loop.
"""

import os
import subprocess
import threading
from contextlib import suppress

import msgspec
import numpy as np

from hitl.adapters.checkers.decoding_wire import PICTURE, TOO_MUCH, Asked, Cut, Said, message_of, read_message
from hitl.adapters.checkers.limited import NICENESS, program_of
from hitl.errors import InvalidInput, StoreUnavailable
from hitl.inference.pictures import PictureRecipe, Pixels

MODULE = "hitl.adapters.checkers.decoding"
WALL_S, CPU_S = 10.0, 8
"""Of each picture."""

GRACE_S = 5.0
"""Beyond it, for a machine under load; then the process itself is taken to hang."""

MAX_PIXELS = 100_000_000
"""The most that a task may allow; its own limit was checked when the picture came."""


class PixelReader:
    """One picture at a time; safe to call from several threads. The process starts with the first picture; after a failure a new
    one starts."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def read(self, data: bytes, kind: str, recipe: PictureRecipe) -> Pixels:
        """Return the picture as ``recipe`` scales and cuts it. Raises InvalidInput for what cannot be decoded, StoreUnavailable
        where the process cannot be started or ends."""
        grey = recipe.channels == "grey"
        cut = Cut(recipe.size, recipe.scaled_to, recipe.aspect == "cover", grey)
        with self._turn:
            said, found = self._answer(Asked(kind, PICTURE, WALL_S, CPU_S, MAX_PIXELS, cut=cut), data)
        if said.expected:
            raise InvalidInput("", said.expected)
        return np.frombuffer(found, dtype=np.uint8).reshape(*recipe.size, recipe.depth)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
            process.wait()

    def _answer(self, asked: Asked, data: bytes) -> tuple[Said, bytes]:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        hangs = threading.Event()
        watch = threading.Timer(WALL_S + GRACE_S, _end, (process, hangs))
        watch.start()
        try:
            process.stdin.write(message_of(asked, data))
            process.stdin.flush()
            found = read_message(process.stdout)
            if found is None or len(found[0]) == 0:
                raise BrokenPipeError
            return msgspec.json.decode(found[0], type=Said), found[1]
        except (OSError, msgspec.DecodeError) as error:
            self.close()
            if hangs.is_set():
                raise InvalidInput("", TOO_MUCH) from error
            raise StoreUnavailable("the process that decodes pictures ended") from error
        finally:
            watch.cancel()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                program_of(MODULE),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.environ.get("PYTHONPATH", "")},
            )
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)
        return self._process


def _end(process: "subprocess.Popen[bytes]", hangs: threading.Event) -> None:
    hangs.set()
    process.kill()
