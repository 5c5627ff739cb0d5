"""Writes ``serve_app/console/web/src/api-types.ts``, the console's types, from the OpenAPI document of the review application.

Run it after a change of a view or a route; a test compares.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from serve_app.api.schema import JSON, REFERENCE, openapi_document, reachable_schemas

TYPES_FILE = Path(__file__).parent.parent / "serve_app" / "console" / "web" / "src" / "api-types.ts"

HEAD = """\
// Written by `python docs/make_api_types.py` from the OpenAPI document of serve_app.api; a test compares.
"""

CHANGING = ("post", "put", "patch", "delete")
GET_TABLE = ("Answers", "What GET answers, by route.")
EFFECT_TABLE = ("Effects", "What a change answers, by method and route.")
BODY_TABLE = ("Bodies", "What a change takes, by method and route.")
SIMPLE = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}
NOTHING = {"type": "undefined"}
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")

Schema = dict[str, Any]


def api_types() -> str:
    """The text of the file: one interface for each view and body, the answers by route, and what changes take and answer."""
    document = openapi_document()
    answers = dict(_answers(document["paths"]))
    effects, bodies = dict(_effects(document["paths"])), dict(_bodies(document["paths"]))
    views = reachable_schemas(document["components"]["schemas"], [*answers.values(), *effects.values(), *bodies.values()])
    tables = [_table(*GET_TABLE, answers), _table(*EFFECT_TABLE, effects), _table(*BODY_TABLE, bodies)]
    return "\n".join([HEAD, *(_view(name, schema) for name, schema in sorted(views.items())), *tables])


def _answers(paths: dict[str, Any]) -> Iterator[tuple[str, Schema]]:
    """The schema that each GET route answers with; a route without a declared view is left out."""
    for path, methods in sorted(paths.items()):
        content = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        schema = content.get(JSON, {}).get("schema", {})
        if "$ref" in schema or "anyOf" in schema:
            yield path, schema


def _effects(paths: dict[str, Any]) -> Iterator[tuple[str, Schema]]:
    """The schema that each other route answers with when it succeeds; one without a declared view is left out.

    A route that may succeed without a body (204) answers undefined then.
    """
    for route, operation in _changes(paths):
        for code in ("200", "201", "202"):
            schema = operation.get("responses", {}).get(code, {}).get("content", {}).get(JSON, {}).get("schema", {})
            if "$ref" in schema or "anyOf" in schema:
                yield route, {"anyOf": [schema, NOTHING]} if "204" in operation["responses"] else schema
                break


def _bodies(paths: dict[str, Any]) -> Iterator[tuple[str, Schema]]:
    """The schema of the body that each other route takes."""
    for route, operation in _changes(paths):
        schema = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema", {})
        if "$ref" in schema or "anyOf" in schema:
            yield route, schema


def _changes(paths: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for path, methods in sorted(paths.items()):
        yield from ((f"{method.upper()} {path}", methods[method]) for method in CHANGING if method in methods)


def _view(name: str, schema: Schema) -> str:
    comment = _comment(schema.get("description", ""))
    if "properties" not in schema:
        return f"{comment}export type {name} = {_type(schema)};\n"
    required = schema.get("required", ())
    fields = [f"  {_key(field)}{'' if field in required else '?'}: {_type(of)};" for field, of in schema["properties"].items()]
    return "\n".join([f"{comment}export interface {name} {{", *fields, "}", ""])


def _table(name: str, meaning: str, types: dict[str, Schema]) -> str:
    rows = [f"  {json.dumps(route)}: {_type(schema)};" for route, schema in types.items()]
    return "\n".join([f"/** {meaning} */", f"export interface {name} {{", *rows, "}", ""])


def _type(schema: Schema) -> str:
    """The TypeScript type of a schema; ``unknown`` for free JSON."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REFERENCE)
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(map(_type, schema["anyOf"])))
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(map(json.dumps, schema["enum"]))
    if schema.get("type") == "array":
        return _array(schema)
    if schema.get("type") == "object":
        values = schema.get("additionalProperties")
        return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"
    if schema == NOTHING:
        return "undefined"
    return SIMPLE.get(schema.get("type", ""), "unknown")


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(map(_type, schema['prefixItems']))}]"
    item = _type(schema.get("items", {}))
    return f"({item})[]" if " | " in item else f"{item}[]"


def _key(name: str) -> str:
    return name if IDENTIFIER.fullmatch(name) else json.dumps(name)


def _comment(text: str) -> str:
    return f"/** {' '.join(text.split()).replace('*/', '* /')} */\n" if text else ""


if __name__ == "__main__":
    TYPES_FILE.write_text(api_types(), encoding="utf-8")
