"""The formats by their names on the command line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hitl.integrations.labelling import argilla, hugging_face, label_studio, prodigy
from hitl.integrations.labelling.cases import ExportedRow, ImportedCase, LabelledCase


@dataclass(frozen=True, slots=True)
class Format:
    """``write`` makes a file of decided cases and of the task's labels; ``read`` finds the cases in the rows of a file, and
    raises ValueError that names the row."""

    write: Callable[[Sequence[LabelledCase], Sequence[str]], str]
    read: Callable[[Sequence[ExportedRow]], list[ImportedCase]]


FORMATS = {
    "label-studio": Format(label_studio.write, label_studio.read),
    "prodigy": Format(prodigy.write, prodigy.read),
    "argilla": Format(argilla.write, argilla.read),
    "hf": Format(hugging_face.write, hugging_face.read),
}
