"""What must not be published: each policy on texts that break it and on texts that come close."""

import unicodedata

import pytest

from hitl.checks import POLICIES, check_content
from hitl.errors import InvalidInput

BREAKS = [
    ("hate_speech", "Immigrants are vermin", "hate-dehumanises"),
    ("hate_speech", "we should exterminate all the refugees", "hate-calls-for-harm"),
    ("hate_speech", "Muslims should be banned from here", "hate-excludes"),
    ("hate_speech", "Flüchtlinge sind Ungeziefer", "hate-dehumanises"),
    ("hate_speech", "Auslaender raus", "hate-excludes"),
    ("hate_speech", unicodedata.normalize("NFD", "Flüchtlinge sind Müll"), "hate-dehumanises"),
    ("hate_speech", "Die Juden gehören vergast", "hate-calls-for-harm"),
    ("confidential_data", "Streng vertraulich: drittes Quartal", "confidential-marked"),
    ("confidential_data", "nicht weitergeben", "confidential-internal"),
    ("confidential_data", "Verschwiegenheitserklärung vom Mai", "confidential-agreement"),
    ("confidential_data", "unser unveröffentlichtes Modell", "confidential-plans"),
    ("confidential_data", "STRICTLY CONFIDENTIAL: third quarter", "confidential-marked"),
    ("confidential_data", "For internal use only", "confidential-internal"),
    ("confidential_data", "our unreleased model", "confidential-plans"),
    ("pii", "card 4111 1111 1111 1111", "pii-card"),
    ("pii", "IBAN DE89 3704 0044 0532 0130 00", "pii-iban"),
    ("pii", "SSN 123-45-6789", "pii-social-security"),
    ("pii", "write to ann@example.org", "pii-e-mail"),
    ("pii", "call +49 30 1234567", "pii-phone"),
    ("pii", "born on 1.2.1980", "pii-birth"),
    ("secrets", "aws_key = 'AKIAIOSFODNN7EXAMPLA'", "secret"),
    ("secrets", "-----BEGIN RSA PRIVATE KEY-----", "secret"),
    ("secrets", "-----BEGIN PRIVATE KEY-----", "secret"),
    ("secrets", "redis://user:hunter2@store:6379/0", "secret"),
    ("secrets", "token ghp_" + "a1B2" * 9, "secret"),
    ("secrets", "curl -H 'x: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x'", "secret"),
    ("secrets", 'db_password: "correct-horse"', "secret"),
    ("secrets", "export MY_API_KEY=0123456789ab", "secret"),
    ("secrets", "Passwort = 'geheim1'", "secret"),
    ("secrets", "sk_live_" + "a1" * 12, "secret"),
]
KEEPS = [
    "Immigrants are welcome, and women are engineers",
    "kill the process and burn the disc",
    "order 4111 1111 1111 1112",
    "IBAN DE89 3704 0044 0532 0130 01",
    "part 000-45-6789",
    "version 10.2.33 of 2026-11-21 costs 1 234 567 euros",
    "our confidence grows",
    "Flüchtlinge sind willkommen, und Frauen sind Ingenieure",
    "Wir haben Vertrauen",
    "password: see the vault",
    "the password is changed every 90 days; secret = ''",
    "password = get_password()",
    "https://example.org/a:b@c",
    "the digest is 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
]


@pytest.mark.covers("000-28")
@pytest.mark.parametrize(("policy", "text", "name"), BREAKS)
def test_a_policy_finds_what_breaks_it_with_its_line(policy: str, text: str, name: str) -> None:
    found = check_content(f"fine\n{text}", [policy]).findings
    assert [(finding.line, finding.rule) for finding in found] == [(2, name)]


@pytest.mark.parametrize("text", KEEPS)
def test_a_text_that_comes_close_is_left_alone(text: str) -> None:
    assert check_content(text).findings == []


def test_a_reason_never_repeats_what_was_found() -> None:
    for _, text, _ in BREAKS:
        assert all(text not in finding.reason for finding in check_content(text).findings)


@pytest.mark.covers("000-28")
def test_only_the_policies_that_are_asked_for_are_looked_at() -> None:
    assert check_content("ann@example.org", ["hate_speech", "confidential_data"]).findings == []
    for policies in (["taste"], [], [["pii"]]):
        with pytest.raises(InvalidInput):
            check_content("x", policies)  # type: ignore[arg-type]
    assert set(POLICIES) == {"hate_speech", "confidential_data", "pii", "secrets"}
