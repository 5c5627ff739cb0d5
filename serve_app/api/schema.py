"""The OpenAPI document of the review application, without a running service: ``python -m serve_app.api.schema``."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hitl.canonical import JsonObject
from serve_app.api.app import described_app

JSON = "application/json"
REFERENCE = "#/components/schemas/"


def openapi_document() -> JsonObject:
    """Return the document that ``GET /openapi.json`` answers."""
    return described_app().openapi()


def answer_schemas(operation: Mapping[str, Any]) -> Iterator[JsonObject]:
    """Yield the schemas of the JSON that an operation of the document answers with where it succeeds."""
    for status, response in operation["responses"].items():
        if status.startswith("2") and (schema := response.get("content", {}).get(JSON, {}).get("schema")):
            yield schema


def reachable_schemas(schemas: Mapping[str, JsonObject], start: Iterable[JsonObject]) -> dict[str, JsonObject]:
    """Return the named schemas that those in ``start`` hold, themselves or by others."""
    found: dict[str, JsonObject] = {}
    waiting = list(start)
    while waiting:
        for name in re.findall(f"{REFERENCE}(\\w+)", json.dumps(waiting.pop())):
            if name not in found:
                found[name] = schemas[name]
                waiting.append(schemas[name])
    return found


if __name__ == "__main__":
    json.dump(openapi_document(), sys.stdout, indent=1)
    sys.stdout.write("\n")
