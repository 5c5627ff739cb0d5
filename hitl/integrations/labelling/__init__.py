"""Decided cases as files of labelling tools, and such files as cases. Pure: texts in, texts out."""

from hitl.integrations.labelling.cases import ImportedCase, LabelledCase
from hitl.integrations.labelling.formats import FORMATS, Format

__all__ = ["FORMATS", "Format", "ImportedCase", "LabelledCase"]
