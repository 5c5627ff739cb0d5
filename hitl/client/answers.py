"""Read an HTTP response as its JSON object, or raise the refusal that it holds."""

from typing import Any

import httpx2

from hitl.client.errors import ApiError


def object_of(response: httpx2.Response) -> dict[str, Any]:
    """The response's JSON object, ``{}`` when it is empty. Raises ApiError for anything but a 2xx with an object."""
    document = _document(response)
    if not response.is_success:
        raise ApiError(response.status_code, document)
    return document


def _document(response: httpx2.Response) -> dict[str, Any]:
    if not response.content:
        return {}
    try:
        document = response.json()
    except ValueError:
        return {"title": "not JSON", "detail": response.text[:200]}
    return document if isinstance(document, dict) else {"title": "not a JSON object", "detail": response.text[:200]}
