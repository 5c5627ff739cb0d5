"""What the gateway says of itself."""

import json
import logging

import pytest
from ray._common.formatters import JSONFormatter

from hitl.intake.ports import Pointer
from serve_app.http.telemetry import LOGGER_NAME, Telemetry
from tests.gateway.service import FIRST, Service


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, LOGGER_NAME)
    return lambda: [json.loads(JSONFormatter().format(record)) for record in caplog.records]


async def test_a_stored_case_and_a_refused_request_are_lines_of_json_with_the_request_id(lines) -> None:
    service = Service()
    await service.decide([0.1, 0.2, 0.7], **{"x-request-id": "r-1"})
    await service.decide([0.1, 0.2], "k2", **{"x-request-id": "r-2"})
    told = {line["request_id"]: line["message"] for line in lines() if "request_id" in line}
    assert told == {"r-1": "case stored", "r-2": "request refused"}


def test_a_line_break_in_a_field_stays_inside_its_line(lines) -> None:
    Telemetry().warn("refused", why='x\n{"forged": true}\x1b[31m')
    assert [(line["message"], line["why"]) for line in lines()] == [("refused", 'x\n{"forged": true}\x1b[31m')]


def test_a_swap_says_which_bytes_serve(lines) -> None:
    Telemetry().swapped("loans", Pointer(3, ((FIRST, 1.0),), 7))
    [line] = lines()
    assert (line["task"], line["generation"], line["versions"]) == ("loans", 3, [[FIRST, 1.0]])


@pytest.mark.covers("D22")
async def test_a_refused_request_is_counted_as_refused_and_never_as_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service()
    stored, refused = [], []
    telemetry = service.gateway._ports.telemetry
    monkeypatch.setattr(telemetry, "stored", lambda records, append_s: stored.extend(records))
    monkeypatch.setattr(telemetry, "refused", lambda slug, status, request_id: refused.append(slug))
    await service.decide([0.1, 0.2, 0.7])
    await service.decide([0.1, 0.2], "k2")
    assert ([record.task for record in stored], refused) == (["loans"], ["invalid-input"])
