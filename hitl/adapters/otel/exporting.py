"""Open the tracer of one part of the service: its spans go to the OTLP receiver that the settings name."""

from secrets import token_hex

from hitl import __version__
from hitl.errors import InvalidConfig
from hitl.tracing import Tracer, TracingTerms

SENT_EVERY_MS = 1_000
"""What a killed process may lose."""

NAMESPACE = "ray-hitl"


def open_tracer(terms: TracingTerms | None, part: str) -> Tracer | None:
    """Return the tracer of ``part`` (gateway, review, ...), or None where tracing is off. Nothing of OpenTelemetry is imported
    then. Raises InvalidConfig where the exporter is not installed."""
    if terms is None:
        return None
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    from hitl.adapters.otel.tracer import OtelTracer

    require_exporter()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    about = {"service.namespace": NAMESPACE, "service.name": f"{NAMESPACE}-{part}", "service.version": __version__}
    resource = Resource.create({**about, "service.instance.id": token_hex(8)})
    provider = TracerProvider(sampler=ParentBased(TraceIdRatioBased(terms.share)), resource=resource)
    exporter = OTLPSpanExporter(f"{terms.endpoint.rstrip('/')}/v1/traces", headers=_headers(terms.headers))
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=SENT_EVERY_MS))
    return OtelTracer(provider)


def require_exporter() -> None:
    """Raises InvalidConfig where the exporter is not installed."""
    try:
        import opentelemetry.exporter.otlp.proto.http.trace_exporter  # noqa: F401
    except ImportError as error:
        raise InvalidConfig(
            "HITL_OTLP_ENDPOINT", "otlp_endpoint", "install the exporter: pip install 'ray-hitl[otel]'"
        ) from error


def _headers(text: str) -> dict[str, str]:
    """Raises InvalidConfig for what is no list of ``name=value``."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if not all(name.strip() and sign for name, sign, _ in pairs):
        raise InvalidConfig("HITL_OTLP_HEADERS", "otlp_headers", "expected name=value,name=value")
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
