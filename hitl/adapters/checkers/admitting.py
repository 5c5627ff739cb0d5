"""Try a model from outside in a process with limits of processor, memory and time."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import msgspec

from hitl.adapters.checkers.limited import ProcessLimits, program_of, run_limited
from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected
from hitl.inference.admission import Admission

LIMITS = ProcessLimits(wall_s=60.0, cpu_s=40, memory=4 * 1024**3)

MODULE = "hitl.adapters.checkers.admitting"


class _Asked(msgspec.Struct):
    """What the process is told beside the file."""

    labels: list[str]
    width: int
    is_encoder: bool = False


class _Said(msgspec.Struct):
    """Either is there."""

    admission: Admission | None = None
    why: Annotated[str, msgspec.Meta(max_length=2000)] = ""


async def admit(data: bytes, labels: tuple[str, ...], width: int, limits: ProcessLimits = LIMITS) -> Admission:
    """Return what trying the model in ``data`` showed. Raises ArtifactRejected that says why, for one that is refused, and for
    one whose process broke a limit."""
    return await _tried(data, _Asked(list(labels), width), limits)


async def admit_encoder(data: bytes, limits: ProcessLimits = LIMITS) -> Admission:
    """The same for an encoder of pictures or texts, which is no model of a task yet."""
    return await _tried(data, _Asked([], 0, is_encoder=True), limits)


async def _tried(data: bytes, asked: _Asked, limits: ProcessLimits) -> Admission:
    digest = await asyncio.to_thread(digest_of, data)
    with tempfile.TemporaryDirectory(prefix="hitl-admission-") as folder:
        file = Path(folder) / digest
        await asyncio.to_thread(file.write_bytes, data)
        text = msgspec.json.encode(asked).decode()
        try:
            said = msgspec.json.decode(await run_limited(program_of(MODULE, str(file)), text, limits), type=_Said)
        except TimeoutError as error:
            raise ArtifactRejected(digest, f"trying it took more than {limits.wall_s:g} s") from error
        except msgspec.DecodeError as error:
            raise ArtifactRejected(digest, _beyond(limits)) from error
    if said.admission is None:
        raise ArtifactRejected(digest, said.why)
    return said.admission


def _beyond(limits: ProcessLimits) -> str:
    return f"the process that tried it died: more than {limits.cpu_s} s of processor or {limits.memory / 2**30:g} GiB of memory"


def main(file: str) -> None:
    """The process: labels and width in, a verdict out."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=_Asked)
    sys.stdout.buffer.write(msgspec.json.encode(_verdict(Path(file).read_bytes(), asked)))


def _verdict(data: bytes, asked: _Asked) -> _Said:
    try:
        return _Said(_encoder_tried(data) if asked.is_encoder else _model_tried(data, asked))
    except ArtifactRejected as error:
        why = error.why
    except ValueError as error:
        why = str(error)
    except Exception as error:  # noqa: BLE001 - a graph that fails as it runs: the runtime's exceptions have no base of their own
        why = f"it fails as it runs: {error or type(error).__name__}"
    return _Said(why=why[:2000])


def _model_tried(data: bytes, asked: _Asked) -> Admission:
    from hitl.inference import load
    from hitl.inference.admission import NOTHING_TO_TRY, try_model
    from hitl.inference.families import family_of

    model = load(data, tuple(asked.labels), asked.width, "cpu")
    return NOTHING_TO_TRY if family_of(data).is_carded else try_model(model)


def _encoder_tried(data: bytes) -> Admission:
    from hitl.inference.encoder_admission import try_encoder
    from hitl.inference.encoders import any_encoder_from

    return try_encoder(any_encoder_from(data, "cpu"))
