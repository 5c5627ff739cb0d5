"""An encoder of pictures from an ONNX file: the graph is cut where its vector stands, joined with a recipe, and tried."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hitl.adapters.checkers.admitting import admit_encoder
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import digest_of
from hitl.errors import InvalidConfig
from hitl.inference.admission import Admission
from hitl.inference.onnx_bundle import GraphSource
from hitl.inference.onnx_graph import read_graph
from hitl.inference.onnx_session import open_session
from hitl.inference.picture_encoder import MAX_WIDTH, PICTURE_RANK, EncoderBundle
from hitl.inference.pictures import PictureRecipe, blank_pictures, blank_pixels
from training.importing.cutting import cut_at


@dataclass(frozen=True, slots=True)
class ImportedEncoder:
    """``digest`` is what task files name under ``model.encoder``."""

    digest: str
    width: int
    admission: Admission


def import_encoder(file: Path, recipe: PictureRecipe, output: str, store: ArtifactStore) -> ImportedEncoder:
    """Store the encoder in ``file``, an ONNX graph. ``output`` names the tensor that holds the vectors, an output of the graph or
    one inside it, where the graph is cut (empty: the first output). Blocks.

    Raises InvalidConfig for a file that is refused and ArtifactRejected for one that failed its trial. Nothing is stored then."""
    original = file.read_bytes()
    try:
        graph = cut_at(original, output, lambda data: read_graph(data, PICTURE_RANK))
        facts = read_graph(graph, PICTURE_RANK)
        width = _width(graph, recipe, output or facts.outputs[0])
    except ValueError as error:
        raise InvalidConfig(file.name, "graph", str(error)) from error
    source = GraphSource("onnx", digest_of(original))
    data = EncoderBundle(graph, recipe, output or facts.outputs[0], width, source).to_bytes()
    admission = asyncio.run(admit_encoder(data))
    return ImportedEncoder(store.put(data), width, admission)


def _width(graph: bytes, recipe: PictureRecipe, output: str) -> int:
    """Return the numbers of one picture's vector, by asking for one picture in this process, the importer's own."""
    session = open_session(graph, "cpu")
    picture = recipe.tensor(blank_pixels(blank_pictures(1, 0)[0], recipe))[np.newaxis]
    try:
        (said,) = session.run([output], {session.get_inputs()[0].name: picture})
    except Exception as error:  # the runtime's exceptions have no base of their own
        raise ValueError(f"it does not take one picture of shape {picture.shape}: {error}") from error
    width = int(np.asarray(said).size)
    if not 1 <= width <= MAX_WIDTH:
        raise ValueError(f"{output!r} holds {width} numbers a picture; 1 to {MAX_WIDTH} are taken")
    return width
