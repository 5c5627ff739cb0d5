"""The fast reader of flat numbers says what the strict parser says, or leaves it the word."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl.errors import HitlError
from serve_app.http.parse import parse_json
from serve_app.http.plain_numbers import plain_numbers

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers()


@settings(max_examples=50)
@given(st.lists(NUMBERS, min_size=1), st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t:\r\n")]))
def test_it_reads_what_the_strict_parser_reads(values: list[float], separators: tuple[str, str]) -> None:
    body = json.dumps({"features": values}, separators=separators).encode()
    found = plain_numbers(body)
    assert found is None or repr(found) == repr(parse_json(body))
    assert found is not None or max(map(abs, values)) > 2**53


@settings(max_examples=50)
@given(st.text('{}[]":,.-+eE0123456789 \n\\ufeatursNI', max_size=40))
def test_it_accepts_nothing_that_the_strict_parser_refuses(text: str) -> None:
    body = b'{"features":[' + text.encode() + b"]}"
    found = plain_numbers(body)
    assert found is None or repr(found) == repr(parse_json(body))


@pytest.mark.parametrize(
    "body",
    [
        b'{"features":[1],"features":[2]}',
        b'{"features":[NaN]}',
        b'{"features":[1e999]}',
        b'{"features":[[1]]}',
        b'{"a\\u0000":[1]}',
        b'{"features":[1]}{}',
        b'{"features":[1,]}',
        b'\xef\xbb\xbf{"features":[1]}',
        b'{"features":[01]}',
        b'{"features":[]}',
    ],
)
def test_what_is_doubtful_is_left_to_the_strict_parser(body: bytes) -> None:
    assert plain_numbers(body) is None


@pytest.mark.parametrize("body", [b'{"features":[1],"features":[2]}', b'{"features":[1e999]}'])
def test_the_strict_parser_still_refuses_it(body: bytes) -> None:
    with pytest.raises(HitlError):
        parse_json(body)
