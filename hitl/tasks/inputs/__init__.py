"""The kinds of input: the one place where they are told apart. A new kind is one file here and one entry in ``TaskInput``."""

from typing import Annotated

from pydantic import Field

from hitl.tasks.inputs.audio import AudioInput
from hitl.tasks.inputs.chat import ChatInput
from hitl.tasks.inputs.document import DocumentInput
from hitl.tasks.inputs.fields import FieldsInput
from hitl.tasks.inputs.image import ImageInput
from hitl.tasks.inputs.kind import InputKind, UnreadableRow, Vector
from hitl.tasks.inputs.record import RecordInput
from hitl.tasks.inputs.text import TextInput
from hitl.tasks.inputs.vector import VectorInput

TaskInput = Annotated[
    VectorInput | FieldsInput | TextInput | RecordInput | ChatInput | ImageInput | DocumentInput | AudioInput,
    Field(discriminator="kind"),
]

__all__ = [
    "AudioInput",
    "ChatInput",
    "DocumentInput",
    "FieldsInput",
    "ImageInput",
    "InputKind",
    "RecordInput",
    "TaskInput",
    "TextInput",
    "UnreadableRow",
    "Vector",
    "VectorInput",
]
