"""Render the OpenAPI document as one plain page: no script, no font, no external resource."""

from collections.abc import Iterator
from html import escape
from typing import Any

STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
code{font:14px ui-monospace,monospace}h2{margin-top:2.5rem;border-bottom:1px solid #ccc}summary{cursor:pointer;padding:.2rem 0}
.m{display:inline-block;min-width:4.5rem;font-weight:600}pre{overflow-x:auto;background:#f4f4f4;padding:.75rem}"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""What the browser may do with the page: show it."""


def docs_page(schema: dict[str, Any]) -> str:
    """The page of an OpenAPI document."""
    title, about = escape(schema["info"]["title"]), escape(schema["info"].get("description", ""))
    parts = "".join(_group(tag, rows) for tag, rows in _by_tag(schema).items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style></head>'
        f"<body><h1>{title} {escape(schema['info']['version'])}</h1><p>{about}</p>"
        f'<p>The whole document, for programs: <a href="/openapi.json">/openapi.json</a></p>{parts}</body></html>'
    )


def _by_tag(schema: dict[str, Any]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            groups.setdefault(route.get("tags", ["others"])[0], []).append(_route(method, path, route, schema))
    return groups


def _group(tag: str, rows: list[str]) -> str:
    return f"<h2>{escape(tag)}</h2>{''.join(rows)}"


def _route(method: str, path: str, route: dict[str, Any], schema: dict[str, Any]) -> str:
    head = f'<span class="m">{method.upper()}</span><code>{escape(path)}</code> {escape(route.get("summary", ""))}'
    inside = "".join(_inside(route, schema))
    return f"<details><summary>{head}</summary>{inside}</details>"


def _inside(route: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    if about := route.get("description"):
        yield f"<p>{escape(about)}</p>"
    for given in route.get("parameters", ()):
        need = "needed" if given.get("required") else "may be left out"
        about = escape(given.get("description", ""))
        yield f"<p><code>{escape(given['name'])}</code> in the {escape(given['in'])}, {need} {about}</p>"
    body = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    for name, field in _fields(body, schema).items():
        kind = escape(str(field.get("type", field.get("anyOf", field.get("$ref", "")))))
        yield f"<p>body: <code>{escape(name)}</code> {kind}</p>"
    for status, answer in route.get("responses", {}).items():
        yield f"<p>{escape(status)}: {escape(answer.get('description', ''))}</p>"


def _fields(body: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    named = body.get("$ref") or next((each["$ref"] for each in body.get("anyOf", ()) if "$ref" in each), None)
    if named is None:
        return {}
    found: dict[str, Any] = schema["components"]["schemas"][named.rsplit("/", 1)[1]].get("properties", {})
    return found
