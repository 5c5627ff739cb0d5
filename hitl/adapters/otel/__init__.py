"""Spans of the service through OpenTelemetry's SDK, exported over OTLP."""
