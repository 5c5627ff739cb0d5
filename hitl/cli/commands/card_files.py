"""Read a model card from the file that its makers wrote."""

from pathlib import Path

from hitl.errors import InvalidConfig
from hitl.inference import load
from hitl.inference.cards import Card
from hitl.inference.families import family_named
from hitl.tasks import TaskSpec
from hitl.yaml_text import from_yaml


def read_card(file: Path, spec: TaskSpec) -> Card:
    """Read the card for the task, tried as the service tries it. Raises InvalidConfig that names the key, ArtifactRejected."""
    fields = from_yaml(file.read_text(encoding="utf-8"), str(file))
    if not isinstance(fields, dict):
        raise InvalidConfig(str(file), "", "expected an object")
    try:
        card = family_named(spec.model.family).read_card(fields, spec.labels)
    except ValueError as error:
        raise InvalidConfig(str(file), "card", str(error)) from error
    load(card.to_bytes(), tuple(spec.labels), spec.width, "cpu")
    return card
