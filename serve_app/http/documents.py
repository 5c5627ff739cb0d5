"""Answer with HTML documents that the browser shows without running or loading anything."""

from fastapi.responses import HTMLResponse

_NOTHING = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

HEADERS = {"content-security-policy": _NOTHING, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
"""Nothing is loaded, run, sent or framed."""

SANDBOXED = HEADERS | {"content-security-policy": f"{_NOTHING}; sandbox"}
"""Nor may the document lead anywhere by itself, as an injected refresh would. For what shows people's own words."""

FILE_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-disposition": "inline",
}
"""A picture or a recording and nothing else, for pages of this service alone."""


def document(page: str, headers: dict[str, str] | None = None) -> HTMLResponse:
    """Return the answer with ``page`` and more ``headers``."""
    return HTMLResponse(page, headers=SANDBOXED | (headers or {}))
