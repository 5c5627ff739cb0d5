"""AWS Signature Version 4: what botocore signed is believed, and nothing that was changed on the way."""

from dataclasses import replace

import pytest

from hitl.errors import Unauthenticated
from hitl.identity.sigv4 import SignedRequest, check_signature, read_signature

SECRET, NOON = "secret-of-a-key", 1_795_867_200.0
"""2026-11-28T12:00:00Z, at which botocore 1.44.8 signed the requests below with the key a1b2c3d4e5f6."""

HEAD = "AWS4-HMAC-SHA256 Credential=a1b2c3d4e5f6/20261128/us-east-1/sagemaker/aws4_request, SignedHeaders="
SENT = {"host": "127.0.0.1:8000", "x-amz-date": "20261128T120000Z"}
FLOW = "arn%3Aaws%3Asagemaker%3Alocal%3A000000000000%3Aflow-definition%2Fdigits"
START = SignedRequest(
    "POST", "/a2i/human-loops", "", {**SENT, "content-type": "application/json"}, b'{"HumanLoopName": "loop-1"}'
)
LIST = SignedRequest("GET", "/a2i/human-loops", f"FlowDefinitionArn={FLOW}&MaxResults=2", SENT, b"")
DELETE = SignedRequest("DELETE", "/a2i/human-loops/loop-1", "", SENT, b"")
START_SAID = HEAD + "content-type;host;x-amz-date, Signature=7a7b020296cc509277346535889e4f8967bf07e9a42bb096f5ac6079c78f407f"
LIST_SAID = HEAD + "host;x-amz-date, Signature=bce2c82414ff28f35c744677d534c47442345bb10d2ad9e2254471413dc74ba5"
DELETE_SAID = HEAD + "host;x-amz-date, Signature=058cc84ea89203f6e0f2fd793527a4b68ad3fd6ea3eff1549ba05cea8748020f"


@pytest.mark.parametrize(("request_", "said"), [(START, START_SAID), (LIST, LIST_SAID), (DELETE, DELETE_SAID)])
def test_what_botocore_signed_is_believed(request_: SignedRequest, said: str) -> None:
    check_signature(request_, read_signature(said, "sagemaker"), SECRET, NOON)


def test_the_order_of_the_query_does_not_matter() -> None:
    turned = replace(LIST, query=f"MaxResults=2&FlowDefinitionArn={FLOW}")
    check_signature(turned, read_signature(LIST_SAID, "sagemaker"), SECRET, NOON)


@pytest.mark.parametrize(
    "changed",
    [
        replace(START, body=b'{"HumanLoopName": "loop-2"}'),
        replace(START, path="/a2i/human-loops/stop"),
        replace(START, method="PUT"),
        replace(START, query="MaxResults=1"),
        replace(START, headers={**START.headers, "host": "elsewhere"}),
        replace(START, headers={**START.headers, "content-type": "text/plain"}),
        replace(START, headers={**START.headers, "x-amz-target": "unsigned"}),
        replace(START, headers={**START.headers, "idempotency-key": "unsigned"}),
        replace(START, headers={**START.headers, "x-amz-date": "20261128T120001Z"}),
        replace(START, headers={name: value for name, value in START.headers.items() if name != "content-type"}),
    ],
)
def test_what_was_changed_on_the_way_is_refused(changed: SignedRequest) -> None:
    with pytest.raises(Unauthenticated):
        check_signature(changed, read_signature(START_SAID, "sagemaker"), SECRET, NOON)


@pytest.mark.parametrize("now", [NOON - 301, NOON + 301])
def test_a_recorded_request_is_refused_later(now: float) -> None:
    with pytest.raises(Unauthenticated):
        check_signature(START, read_signature(START_SAID, "sagemaker"), SECRET, now)


def test_another_secret_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        check_signature(START, read_signature(START_SAID, "sagemaker"), "another", NOON)


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "Bearer hitl_a_b",
        START_SAID.replace("sagemaker", "s3"),
        START_SAID.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
        START_SAID[:-1],
        START_SAID + "0",
        START_SAID.replace("a1b2c3d4e5f6", "../a"),
    ],
)
def test_what_is_no_signature_for_this_service_is_refused(said: str | None) -> None:
    with pytest.raises(Unauthenticated):
        read_signature(said, "sagemaker")


@pytest.mark.parametrize("signed", ["host", "x-amz-date", "x-amz-date;host", "host;host;x-amz-date", "host;x-amz-date;x-none"])
def test_a_signature_over_too_little_is_refused(signed: str) -> None:
    said = DELETE_SAID.replace("host;x-amz-date", signed)
    with pytest.raises(Unauthenticated):
        check_signature(DELETE, read_signature(said, "sagemaker"), SECRET, NOON)
