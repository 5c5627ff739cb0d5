"""A link is worth exactly what was signed, until its end."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl.chat.vote_links import VoteLink, read_link, sign_link
from hitl.errors import NotFound

OLD, NEW = b"o" * 32, b"n" * 32
LINK = VoteLink("custom-1", "d" * 64, "ann", 100.0)


def test_a_link_says_what_was_signed() -> None:
    assert read_link(sign_link(LINK, [NEW]), [NEW], now=99.0) == LINK


def test_a_link_ends() -> None:
    with pytest.raises(NotFound):
        read_link(sign_link(LINK, [NEW]), [NEW], now=100.0)


def test_links_of_the_old_secret_work_while_it_is_listed() -> None:
    token = sign_link(LINK, [OLD])
    assert read_link(token, [NEW, OLD], 0.0) == LINK
    with pytest.raises(NotFound):
        read_link(token, [NEW], 0.0)


@given(st.integers(0, len(sign_link(LINK, [NEW])) - 1), st.sampled_from("ABab09-_.= "))
def test_no_other_token_is_taken(at: int, sign: str) -> None:
    token = sign_link(LINK, [NEW])
    changed = token[:at] + sign + token[at + 1 :]
    try:
        found = read_link(changed, [NEW], 0.0)
    except NotFound:
        return
    assert found == LINK  # unused bits of the last character: the same bytes


@given(st.text(max_size=50))
def test_any_text_is_refused_in_one_way(text: str) -> None:
    with pytest.raises(NotFound):
        read_link(text, [NEW], 0.0)


def test_what_is_signed_for_another_purpose_is_no_link() -> None:
    said = sign_link(LINK, [NEW]).partition(".")[0]
    body = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))
    other = base64.urlsafe_b64encode(hmac.new(NEW, body, hashlib.sha256).digest()).decode().rstrip("=")
    with pytest.raises(NotFound):
        read_link(f"{said}.{other}", [NEW], 0.0)
