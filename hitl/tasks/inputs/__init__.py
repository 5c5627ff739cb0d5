"""The kinds of input: the one place where they are told apart. A new kind is one file here and one entry in ``TaskInput``."""

from typing import Annotated

from pydantic import Field

from hitl.tasks.inputs.fields import FieldsInput
from hitl.tasks.inputs.kind import InputKind, UnreadableRow, Vector
from hitl.tasks.inputs.text import TextInput
from hitl.tasks.inputs.vector import VectorInput

TaskInput = Annotated[VectorInput | FieldsInput | TextInput, Field(discriminator="kind")]

__all__ = ["FieldsInput", "InputKind", "TaskInput", "TextInput", "UnreadableRow", "Vector", "VectorInput"]
