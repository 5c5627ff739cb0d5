"""An encoder of texts from an ONNX file and a tokenizer: cut where its vectors stand, joined with a recipe, and tried."""

import asyncio
from pathlib import Path

from hitl.adapters.checkers.admitting import admit_encoder
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import digest_of
from hitl.errors import InvalidConfig
from hitl.inference.onnx_bundle import GraphSource
from hitl.inference.onnx_graph import read_token_graph
from hitl.inference.text_encoder import MAX_WIDTH, TextEncoder, TextEncoderBundle, TextRecipe
from training.importing.cutting import cut_at
from training.importing.encoders import ImportedEncoder


def import_text_encoder(file: Path, tokenizer: Path, recipe: TextRecipe, output: str, store: ArtifactStore) -> ImportedEncoder:
    """Store the encoder in ``file``, an ONNX graph over the tokens of ``tokenizer``, a ``tokenizer.json``. ``output`` is as in
    training.importing.encoders. Blocks.

    Raises InvalidConfig for a file that is refused and ArtifactRejected for one that failed its trial. Nothing is stored then."""
    original = file.read_bytes()
    try:
        graph = cut_at(original, output, read_token_graph)
        named = output or read_token_graph(graph).outputs[0]
        source = GraphSource("onnx", digest_of(original))
        width = _width(TextEncoderBundle(graph, tokenizer.read_bytes(), recipe, named, 1, source))
    except ValueError as error:
        raise InvalidConfig(file.name, "graph", str(error)) from error
    data = TextEncoderBundle(graph, tokenizer.read_bytes(), recipe, named, width, source).to_bytes()
    admission = asyncio.run(admit_encoder(data))
    return ImportedEncoder(store.put(data), width, admission)


def _width(bundle: TextEncoderBundle) -> int:
    """Return the numbers of one text's vector, by asking for one text in this process, the importer's own."""
    encoder = TextEncoder(bundle, "cpu")
    try:
        width = encoder.measured_width(encoder.words[:2])
    except ValueError:
        raise
    except Exception as error:  # the runtime's exceptions have no base of their own
        raise ValueError(f"it does not take the tokens of a text: {error}") from error
    if not 1 <= width <= MAX_WIDTH:
        raise ValueError(f"{bundle.output!r} holds {width} numbers a text; 1 to {MAX_WIDTH} are taken")
    return width
