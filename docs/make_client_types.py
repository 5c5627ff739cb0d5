"""Writes ``hitl/client/answer_types.py``, the types of the answers that the Python client gives, from the OpenAPI document.

Run it after a change of a view or a route; a test compares.
"""

import json
import keyword
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from serve_app.api.schema import REFERENCE, answer_schemas, openapi_document, reachable_schemas

TYPES_FILE = Path(__file__).parent.parent / "hitl" / "client" / "answer_types.py"

HEAD = '''\
"""Answers of the service as the client reads them: one type for each view, under the view's own name.

Written by `python docs/make_client_types.py`; a test compares. A key that an answer may lack is ``NotRequired``. Where an
answer has one of several types, ``"key" in answer`` tells a type checker which.
"""

# ruff: noqa: E501
# fmt: off

from typing import Literal, NotRequired, TypeAlias, TypedDict, final

from hitl.client.free_json import Json, JsonObject
'''

SIMPLE = {"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None"}

Schema = dict[str, Any]


def client_types() -> str:
    """The text of the file: one type for each schema that an answer holds, by name."""
    document = openapi_document()
    start = [schema for methods in document["paths"].values() for each in methods.values() for schema in answer_schemas(each)]
    views = reachable_schemas(document["components"]["schemas"], start)
    return "\n".join([HEAD, *(_declaration(name, schema) for name, schema in sorted(views.items()))])


def _declaration(name: str, schema: Schema) -> str:
    if "properties" not in schema:
        return f"{name}: TypeAlias = {_type(schema)}\n{_docstring('', schema)}"
    fields = [(field, _field(field, of, schema)) for field, of in schema["properties"].items()]
    if any(map(keyword.iskeyword, schema["properties"])):
        rows = ", ".join(f'"{field}": {of}' for field, of in fields)
        return f'{name} = TypedDict("{name}", {{{rows}}})\n{_docstring("", schema)}'
    return "\n".join(
        [f"\n@final\nclass {name}(TypedDict):", _docstring("    ", schema), *(f"    {field}: {of}" for field, of in fields), ""]
    )


def _field(name: str, of: Schema, schema: Schema) -> str:
    """In quotes where it names another type, which may stand further below."""
    text = _type(of) if name in schema.get("required", ()) else f"NotRequired[{_type(of)}]"
    return f"'{text}'" if REFERENCE in json.dumps(of) else text


def _type(schema: Schema) -> str:
    """The Python type of a schema; ``Json`` for what the service leaves open."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REFERENCE)
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(map(_type, schema["anyOf"])))
    if "const" in schema or "enum" in schema:
        return f"Literal[{', '.join(_literals(schema))}]"
    if schema.get("type") == "array":
        return f"list[{_item(schema)}]"
    if schema.get("type") == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {_type(values)}]" if isinstance(values, dict) else "JsonObject"
    return SIMPLE.get(schema.get("type", ""), "Json")


def _item(schema: Schema) -> str:
    """JSON has no tuples: a row of several types is a list of either."""
    items = schema.get("prefixItems", [schema.get("items", {})])
    return " | ".join(dict.fromkeys(map(_type, items)))


def _literals(schema: Schema) -> Iterator[str]:
    for value in schema.get("enum", [schema.get("const")]):
        yield json.dumps(value) if isinstance(value, str) else repr(value)


def _docstring(indent: str, schema: Schema) -> str:
    text = " ".join(schema.get("description", "").split()).replace("\\", "\\\\").replace('"""', "'''")
    return f'{indent}"""{text}"""\n' if text else ""


if __name__ == "__main__":
    TYPES_FILE.write_text(client_types(), encoding="utf-8")
