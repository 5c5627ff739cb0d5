"""Writes ``.env.example`` and ``docs/settings.md`` from the declarations of the settings.

Run it after a change of ``hitl/settings.py``, ``hitl/tracking/settings.py`` or ``serve_app/setup/args.py``; a test compares.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from annotated_types import Ge, Gt, Le
from pydantic import AliasChoices, BaseModel, SecretStr
from pydantic.fields import FieldInfo

from hitl.settings import SECTIONS
from hitl.tracking.settings import TrackingSettings
from serve_app.setup.args import ServeArgs

ROOT = Path(__file__).parent.parent
WIDTH = 40
"""Characters of ``NAME=default`` before its comment."""

TYPES = {Path: "a path", str: "a text", SecretStr: "a secret text", int: "a whole number", float: "a number", bool: "true, false"}

EXAMPLE_HEAD = """\
# Every setting with its default, written by `python docs/make_settings.py`. A name in brackets is also understood; the
# environment wins over this file's copy, which nothing reads by itself: `set -a; . ./.env; set +a`.
"""

EXAMPLE_TAIL = """
# Read by clients of the service (hitl.client), beside HITL_API_URL or HUMAN_LAYER_BASE_URL
# HITL_API_KEY=                          # [HUMAN_LAYER_API_KEY] a key of the service
# HITL_API_FALLBACKS=                    # further addresses of the service, with commas: asked when the first is unreachable

# Read by MLflow's client where the server is protected (docs/mlflow/operations.md)
# MLFLOW_TRACKING_USERNAME=
# MLFLOW_TRACKING_PASSWORD=
# MLFLOW_TRACKING_TOKEN=
# MLFLOW_TRACKING_SERVER_CERT_PATH=

# Read by configs/mlflow/compose.yaml alone; none has a default that would be a password
# POSTGRES_PASSWORD=
# MLFLOW_ARTIFACTS_DESTINATION=s3://bucket/prefix
# MLFLOW_ALLOWED_HOSTS=mlflow.example.org
# MLFLOW_S3_ENDPOINT_URL=
# AWS_ACCESS_KEY_ID=
# AWS_SECRET_ACCESS_KEY=
"""

DOCUMENT_HEAD = """\
# Settings

Written by `python docs/make_settings.py` from `hitl/settings.py`, `hitl/tracking/settings.py` and `serve_app/setup/args.py`.
The environment sets them; `.env.example` is a copy to start from. A variable that is set and empty means its default.
An argument stands under `args` in `configs/serve.yaml` and wins over the environment.
"""


def env_example() -> str:
    """The text of ``.env.example``."""
    blocks = ["\n".join([f"# {heading}", *map(_example_line, fields.values())]) for heading, fields in sections()]
    return EXAMPLE_HEAD + "".join(f"\n{block}\n" for block in blocks) + EXAMPLE_TAIL


def settings_document() -> str:
    """The text of ``docs/settings.md``."""
    head = "| variable | default | takes | meaning | argument |\n|---|---|---|---|---|\n"
    blocks = [f"\n## {heading}\n\n{head}{''.join(map(_row, fields, fields.values()))}" for heading, fields in sections()]
    only_arguments = "".join(_argument_row(name, field) for name, field in own_fields(ServeArgs).items() if field.description)
    arguments = f"\n## Arguments alone\n\n| argument | default | takes | meaning |\n|---|---|---|---|\n{only_arguments}"
    return DOCUMENT_HEAD + "".join(blocks) + arguments


def sections() -> Iterator[tuple[str, dict[str, FieldInfo]]]:
    """Each heading with its settings; one that two sections declare is listed in the first."""
    listed: set[str] = set()
    for section in (*SECTIONS, TrackingSettings):
        own = {name: field for name, field in own_fields(section).items() if names_of(field)[0] not in listed}
        listed.update(names_of(field)[0] for field in own.values())
        yield (section.__doc__ or "").rstrip("."), own


def own_fields(kind: type[BaseModel]) -> dict[str, FieldInfo]:
    return {name: field for name, field in kind.model_fields.items() if name in kind.__annotations__}


def names_of(field: FieldInfo) -> list[str]:
    """The environment names, the service's own first."""
    assert isinstance(field.validation_alias, AliasChoices)
    return [str(name) for name in field.validation_alias.choices]


def _example_line(field: FieldInfo) -> str:
    name, *others = names_of(field)
    also = f"[{', '.join(others)}] " if others else ""
    return f"{name}={_default(field)}".ljust(WIDTH) + f" # {also}{field.description}"


def _row(name: str, field: FieldInfo) -> str:
    variables = "<br>".join(f"`{each}`" for each in names_of(field))
    argument = f"`{name}`" if name in ServeArgs.model_fields else ""
    return f"| {variables} | {_code(_default(field))} | {_takes(field)} | {field.description} | {argument} |\n"


def _argument_row(name: str, field: FieldInfo) -> str:
    return f"| `{name}` | {_code(_default(field))} | {_takes(field)} | {field.description} |\n"


def _default(field: FieldInfo) -> str:
    return "" if field.default is None else str(field.default)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _takes(field: FieldInfo) -> str:
    """The type, the choices or the bounds in words."""
    first, *others = [kind for kind in get_args(field.annotation) or (field.annotation,) if kind is not type(None)]
    if isinstance(first, str):
        return ", ".join(f"`{choice}`" for choice in (first, *others))
    return ", ".join([TYPES[getattr(first, "__origin__", first)], *map(_bound, filter(_is_bound, field.metadata))])


def _is_bound(metadata: Any) -> bool:
    return isinstance(metadata, Ge | Gt | Le)


def _bound(metadata: Any) -> str:
    match metadata:
        case Ge(ge=limit):
            return f"at least {limit:,}"
        case Gt(gt=limit):
            return f"above {limit:,}"
        case _:
            return f"at most {metadata.le:,}"


def main() -> None:
    (ROOT / ".env.example").write_text(env_example(), encoding="utf-8")
    (ROOT / "docs" / "settings.md").write_text(settings_document(), encoding="utf-8")


if __name__ == "__main__":
    main()
