"""The Python client tells the service which trace a request belongs to."""

import subprocess
import sys

import httpx2
import pytest
from opentelemetry.sdk.trace import TracerProvider

from hitl.client import AsyncClient, Client
from hitl.client.trace_headers import current_trace_headers

PARENT = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"


def _echo(seen: list[dict[str, str]]) -> httpx2.MockTransport:
    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(dict(request.headers))
        return httpx2.Response(200, json={})

    return httpx2.MockTransport(answer)


def test_a_call_inside_a_span_names_it_as_its_parent() -> None:
    seen: list[dict[str, str]] = []
    with (
        TracerProvider().get_tracer("test").start_as_current_span("ask") as span,
        Client("http://hitl", "k", transport=_echo(seen)) as client,
    ):
        client.queues()
    context = span.get_span_context()
    assert seen[0]["traceparent"][:53] == f"00-{context.trace_id:032x}-{context.span_id:016x}-"


async def test_the_asynchronous_client_does_so_too() -> None:
    seen: list[dict[str, str]] = []
    with TracerProvider().get_tracer("test").start_as_current_span("ask") as span:
        async with AsyncClient("http://hitl", "k", transport=_echo(seen)) as client:
            await client.queues()
    assert seen[0]["traceparent"][3:35] == f"{span.get_span_context().trace_id:032x}"


def test_outside_a_span_the_environment_names_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACEPARENT", PARENT)
    assert current_trace_headers() == {"traceparent": PARENT}


def test_outside_both_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACEPARENT", raising=False)
    seen: list[dict[str, str]] = []
    with Client("http://hitl", "k", transport=_echo(seen)) as client:
        client.queues()
    assert "traceparent" not in seen[0]


def test_the_client_loads_nothing_of_opentelemetry() -> None:
    code = "import sys, hitl.client; sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
