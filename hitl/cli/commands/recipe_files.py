"""Read the file that says how an encoder is used: how pictures become its numbers, how its numbers become a text's vector."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from hitl.errors import InvalidConfig
from hitl.inference.pictures import PictureRecipe
from hitl.inference.text_encoder import TextRecipe
from hitl.yaml_text import json_from_yaml

_Recipe = TypeVar("_Recipe", bound=BaseModel)


def read_recipe(file: Path) -> PictureRecipe:
    """Read the recipe of an encoder of pictures. Raises InvalidConfig that names the key."""
    return _read(file, PictureRecipe)


def read_text_recipe(file: Path | None) -> TextRecipe:
    """The same for an encoder of texts, all of whose keys have defaults: None is a file without any."""
    return TextRecipe() if file is None else _read(file, TextRecipe)


def _read(file: Path, recipe: type[_Recipe]) -> _Recipe:
    try:
        return recipe.model_validate_json(json_from_yaml(file.read_text(encoding="utf-8"), str(file)))
    except ValidationError as error:
        first = error.errors()[0]
        key, why = ".".join(map(str, first["loc"])) or "recipe", first["msg"].removeprefix("Value error, ")
        raise InvalidConfig(str(file), key, why) from error
