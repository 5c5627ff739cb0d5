"""The strict layer in front of every body."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl.canonical import canonical
from hitl.errors import BodyTooLarge, InvalidInput, MalformedBody
from serve_app.http.parse import ClientGone, parse_json, parse_object, read_body

NOT_JSON = [
    b"",
    b"{",
    b"{} {}",
    b"[1,]",
    b"nul",
    b"\xef\xbb\xbf{}",
    '{"a": 1}'.encode("utf-16"),
    b'{"a": "\xff"}',
    b'{"a": NaN}',
    b"[Infinity]",
    b"[-Infinity]",
    b'{"a": 1, "a": 2}',
    b'{"a": 1, "\\u0061": 2}',
    b"9" * 5000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a": "\x00"}',
    b'"\xed\xa0\x80"',
]

NOT_FOR_US = [
    b"1e999",
    b"[[-1e999]]",
    b'"\\ud800"',
    b'{"\\udfff": 1}',
    b'["a\\u0000b"]',
    b"[" * 33 + b"]" * 33,
    b"[" + b"0," * 100_000 + b"0]",
]

plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
plain_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | plain_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain_text, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.covers("003-43", "D22")
@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: repr(body[:24]))
def test_what_is_not_one_strict_json_document_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedBody):
        parse_json(body)


@pytest.mark.parametrize("body", NOT_FOR_US, ids=lambda body: repr(body[:24]))
def test_json_that_the_store_must_not_hold_is_invalid(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_json(body)


@given(plain_json)
def test_every_plain_value_passes_unchanged(value: object) -> None:
    assert parse_json(canonical(value)) == value
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with suppress(MalformedBody, InvalidInput):
        parse_json(body)


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"1"])
def test_a_body_that_is_no_object_is_invalid(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_object(body)


def _receiving(*messages: dict[str, object]):
    left = list(messages)

    async def receive() -> dict[str, object]:
        return left.pop(0)

    return receive, left


async def test_a_declared_length_over_the_limit_is_refused_before_reading() -> None:
    receive, left = _receiving({"type": "http.request", "body": b"x"})
    with pytest.raises(BodyTooLarge):
        await read_body(receive, 10, 11)
    assert len(left) == 1


async def test_a_body_without_a_length_is_refused_once_it_passes_the_limit() -> None:
    chunk = {"type": "http.request", "body": b"12345678", "more_body": True}
    receive, left = _receiving(chunk, chunk, chunk)
    with pytest.raises(BodyTooLarge):
        await read_body(receive, 10)
    assert len(left) == 1


async def test_the_chunks_of_a_body_are_joined() -> None:
    receive, _ = _receiving({"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.request", "body": b"}"})
    assert await read_body(receive, 10) == b"{}"


async def test_a_client_that_leaves_before_its_body_is_complete_is_noticed() -> None:
    receive, _ = _receiving({"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"})
    with pytest.raises(ClientGone):
        await read_body(receive, 10)
