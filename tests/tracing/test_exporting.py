"""Spans leave only for the endpoint that was set, and nothing of OpenTelemetry is loaded before."""

import subprocess
import sys

import pytest

from hitl.adapters.otel import exporting
from hitl.adapters.otel.exporting import open_tracer
from hitl.errors import InvalidConfig
from hitl.settings import Settings
from hitl.tracing import SpanKind, TracingTerms
from tests.tracing.collector import collecting


def test_spans_arrive_at_a_real_receiver_with_the_headers() -> None:
    with collecting() as collector:
        tracer = open_tracer(TracingTerms(collector.url, headers="x-a=1, X-B=2"), "gateway")
        assert tracer is not None
        tracer.start("GET /ready", SpanKind.SERVER, None, {"http.request.method": "GET"}).end()
        tracer.flush()
        [span] = collector.spans
        assert (span.name, span.service, span.attributes) == ("GET /ready", "ray-hitl-gateway", {"http.request.method": "GET"})
        assert (collector.headers[0]["x-a"], collector.headers[0]["x-b"]) == ("1", "2")


def test_it_is_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HITL_OTLP_ENDPOINT", raising=False)
    assert Settings().tracing is None
    assert open_tracer(None, "gateway") is None


def test_nobody_elses_variable_switches_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://elsewhere:4318")
    assert Settings().tracing is None


def test_switched_off_it_loads_nothing() -> None:
    code = (
        "import sys; from hitl.adapters.otel.exporting import open_tracer; open_tracer(None, 'x');"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_the_exporter_the_start_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(InvalidConfig, match=r"ray-hitl\[otel\]"):
        open_tracer(TracingTerms("http://nowhere"), "gateway")


@pytest.mark.parametrize("headers", ["nonsense", "=1", "a=1,b"])
def test_headers_that_are_none_are_refused(headers: str) -> None:
    with pytest.raises(InvalidConfig, match="name=value"):
        exporting._headers(headers)


def test_the_headers_are_not_shown() -> None:
    assert "secret" not in repr(TracingTerms("http://c", headers="authorization=secret"))
