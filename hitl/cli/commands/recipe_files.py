"""Read the file that says how pictures become an encoder's numbers."""

from pathlib import Path

from pydantic import ValidationError

from hitl.errors import InvalidConfig
from hitl.inference.pictures import PictureRecipe
from hitl.yaml_text import json_from_yaml


def read_recipe(file: Path) -> PictureRecipe:
    """Raises InvalidConfig that names the key."""
    try:
        return PictureRecipe.model_validate_json(json_from_yaml(file.read_text(encoding="utf-8"), str(file)))
    except ValidationError as error:
        first = error.errors()[0]
        key, why = ".".join(map(str, first["loc"])) or "recipe", first["msg"].removeprefix("Value error, ")
        raise InvalidConfig(str(file), key, why) from error
