"""Cookies that other applications on the same host set do not sign anybody out."""

import pytest

from serve_app.http.session_cookie import COOKIE, SECURE_COOKIE, session_token

OTHERS = [
    "foo[bar]=1",
    "__utmzz=(not set)|x",
    "my cookie=1",
    'prefs={"a":1}',
    "=",
    "",
    "flag",
    "a=b=c",
    "ü=1",
    '"',
    "a=\x01",
    "x" * 5000,
]


@pytest.mark.parametrize("name", [COOKIE, SECURE_COOKIE])
@pytest.mark.parametrize("other", OTHERS)
def test_the_session_is_found_beside_any_other_cookie(name: str, other: str) -> None:
    for header in (f"{other}; {name}=abc", f"{name}=abc; {other}", f"{name}=abc;{other}", f'{other}; {name}="abc"'):
        assert session_token({"cookie": header}) == "abc"


@pytest.mark.parametrize(
    "header", ["", "a=b", f"x{COOKIE}=abc", f"a={COOKIE}=abc", f"{COOKIE}=", f"{COOKIE.upper()}=abc", COOKIE]
)
def test_no_other_cookie_is_taken_for_the_session(header: str) -> None:
    assert session_token({"cookie": header}) is None


def test_the_protected_cookie_counts_before_the_plain_one_and_the_first_of_a_name_alone() -> None:
    assert session_token({"cookie": f"{COOKIE}=plain; {SECURE_COOKIE}=own"}) == "own"
    assert session_token({"cookie": f"{COOKIE}=own; {COOKIE}=tossed"}) == "own"
