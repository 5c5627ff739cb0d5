"""The formats of files that cases are read from and written to."""

from enum import StrEnum


class TransferFormat(StrEnum):
    LABEL_STUDIO = "label-studio"
    PRODIGY = "prodigy"
    ARGILLA = "argilla"
    HF = "hf"
