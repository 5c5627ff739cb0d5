"""Read an HTTP response as its JSON object, or raise the refusal that it holds."""

import httpx2

from hitl.client.errors import ApiError
from hitl.client.free_json import JsonObject


def object_of(response: httpx2.Response) -> JsonObject:
    """Return the response's JSON object, ``{}`` when it is empty. Raises ApiError for anything but a 2xx with an object."""
    if response.is_success and not response.content:
        return {}
    document = _object(response)
    if document is None or not response.is_success:
        raise ApiError(response.status_code, document or _described(response))
    return document


def _object(response: httpx2.Response) -> JsonObject | None:
    """None for an answer that is no JSON object: a proxy's page, or another service's."""
    try:
        document = response.json()
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _described(response: httpx2.Response) -> JsonObject:
    """Return a problem document for an answer that is none: what came, and whereto it leads."""
    to = response.headers.get("location")
    detail = f"leads to {to}" if to else response.text[:200]
    return {"title": f"no JSON object, but {response.headers.get('content-type') or 'nothing'}", "detail": detail}
