"""Read an encoder from its file, whatever it reads."""

from typing import TypeAlias

from hitl.inference.picture_encoder import PictureEncoder, encoder_from
from hitl.inference.rows import PICTURE, TEXT, RowForm
from hitl.inference.safetensors_header import TEXT_ENCODER, family_in
from hitl.inference.text_encoder import TextEncoder, text_encoder_from

Encoder: TypeAlias = PictureEncoder | TextEncoder


def any_encoder_from(data: bytes, device: str = "auto") -> Encoder:
    """Return the encoder in ``data``. Raises ValueError for bytes that are none, or whose graph is refused."""
    if family_in(data) != TEXT_ENCODER:
        return encoder_from(data, device)
    return text_encoder_from(data, device)


def form_read_by(encoder: Encoder) -> RowForm:
    """Return the form of rows that the encoder turns into vectors."""
    return PICTURE if isinstance(encoder, PictureEncoder) else TEXT
