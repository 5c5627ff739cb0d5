"""Serve the console's page and assets, with a content security policy that allows only this service."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from hitl.errors import NotFound

DIST = Path(__file__).parent / "dist"

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

POLICY: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}

DOCS_POLICY: Mapping[str, str] = {
    **POLICY,
    "content-security-policy": f"{POLICY['content-security-policy']}; img-src 'self' data:",
}
"""Of the page that tries the API: its style sheet brings its signs along."""

FOR_EVER = "public, max-age=31536000, immutable"
"""An asset's name holds its content's hash."""

NOT_BUILT = """<!doctype html><html lang="en"><title>ray-hitl</title><p>The console is not built here.
<code>make console</code> builds it. The service itself runs: see <a href="/api/docs/">its API</a>.</p></html>"""

PLACES = (
    "overview",
    "inbox",
    "reviews",
    "cases",
    "models",
    "approvals",
    "workflows",
    "analytics",
    "policies",
    "staffing",
    "overrides",
    "outbox",
    "retention",
    "audit",
    "tasks",
    "new-task",
    "people",
    "settings",
    "console",
)
"""The first part of every address of the console; what follows it is read in the browser."""

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> Response:
    """The same page for every address of the console, so that each of them can be opened, reloaded and sent to somebody."""
    built = DIST / "index.html"
    headers = {**POLICY, "cache-control": "no-store"}
    if not built.is_file():
        return HTMLResponse(NOT_BUILT, 503, headers)
    return FileResponse(built, headers=headers, media_type="text/html")


for _place in PLACES:
    router.add_api_route(f"/{_place}", page, methods=["GET"])
    router.add_api_route(f"/{_place}/{{rest:path}}", page, methods=["GET"])


@router.get("/docs")
async def docs() -> Response:
    """The page that tries the API. Where it is not built, the one that shows it."""
    built = DIST / "docs.html"
    if not built.is_file():
        return RedirectResponse("/api/docs/", 307, {**POLICY, "cache-control": "no-store"})
    return FileResponse(built, headers={**DOCS_POLICY, "cache-control": "no-store"}, media_type="text/html")


@router.get("/assets/{name}")
async def asset(name: str) -> Response:
    """Raises NotFound for what the build did not make: a name never leads out of its folder."""
    found = next((path for path in DIST.glob("assets/*") if path.name == name), None)
    if found is None or found.suffix not in TYPES:
        raise NotFound("asset", name[:100])
    return FileResponse(found, headers={**POLICY, "cache-control": FOR_EVER}, media_type=TYPES[found.suffix])
