"""Remove secrets and personal data from text before it is stored.

Checksums keep order numbers from looking like cards: a card must pass Luhn (ISO/IEC 7812-1), an account number mod 97
(ISO 13616). What a pattern cannot know (names, addresses) needs ``log_prompts: false`` or a pattern of your own.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

_SECRET_NAMES = re.compile(
    r"(?i)(pass(word|wd|phrase)?|secret|api[_-]?key|(access|auth|refresh|bearer|id)[_-]?token|^token$|authorization|credential|private[_-]?key|cookie)"
)


@dataclass(frozen=True, slots=True)
class RedactionPattern:
    """``name`` replaces what ``regex`` finds and ``holds`` confirms."""

    name: str
    regex: re.Pattern[str]
    holds: Callable[[str], bool] = bool


def _luhn(text: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()]
    doubled = [d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and sum(doubled) % 10 == 0


def _iban(text: str) -> bool:
    code = re.sub(r"\s", "", text).upper()
    return len(code) >= 15 and int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


# Each of these takes time that grows with the length of a text alone: what repeats is bounded, or can begin in one place only.
PATTERNS: tuple[RedactionPattern, ...] = (
    RedactionPattern(
        "private-key",
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?!-----BEGIN)[\s\S]){0,8000}?-----END [A-Z ]{0,40}PRIVATE KEY-----"
        ),
    ),
    RedactionPattern("jwt", re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")),
    RedactionPattern("key", re.compile(r"\b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]{1,40}[-_]){0,4}[A-Za-z0-9]{16,}")),
    RedactionPattern(
        "key", re.compile(r"\b(?:gh[pousr]_\w{20,}|xox[abposr]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{35}|hitl_\w+_\w{16,})")
    ),
    RedactionPattern("bearer", re.compile(r"(?i)\bbearer\s+[\w.~+/-]{12,}=*")),
    RedactionPattern("password", re.compile(r"(?<=://)[^\s/:@]{1,100}:[^\s/@]{1,200}(?=@)")),
    RedactionPattern(
        "password", re.compile(r"(?i)\b(?:password|passwd|pwd|secret|api[_-]?key|token)\s*[=:]\s*[^\s,;&\"']{4,200}")
    ),
    RedactionPattern("email", re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+\b")),
    RedactionPattern("iban", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), _iban),
    RedactionPattern("card", re.compile(r"\b\d(?:[ -]?\d){12,18}\b"), _luhn),
    RedactionPattern("us-ssn", re.compile(r"\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b")),
    RedactionPattern("phone", re.compile(r"(?<![\w.])\+\d{1,3}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}\b")),
)


class Redactor:
    """Replaces every match of its patterns, and everything under a name that says it is a secret."""

    def __init__(self, extra: Iterable[RedactionPattern] = (), *, enabled: bool = True) -> None:
        self._patterns = (*PATTERNS, *extra) if enabled else ()

    def text(self, text: str) -> str:
        """``text`` with each finding replaced by ``[name]``.

        >>> Redactor().text("mail ann@example.org, card 4111 1111 1111 1111")
        'mail [email], card [card]'
        """
        for pattern in self._patterns:
            text = pattern.regex.sub(lambda found, p=pattern: _mark(found, p), text)  # type: ignore[misc]
        return text

    def value(self, value: Any) -> Any:
        """Return a plain JSON value with all its texts redacted."""
        if not self._patterns:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(part) for part in value]
        if isinstance(value, dict):
            return {self.text(key): self._under(key, part) for key, part in value.items()}
        return value

    def _under(self, name: str, value: Any) -> Any:
        is_secret = isinstance(value, str) and _SECRET_NAMES.search(name)
        return "[secret]" if is_secret else self.value(value)


def _mark(found: re.Match[str], pattern: RedactionPattern) -> str:
    return f"[{pattern.name}]" if pattern.holds(found[0]) else found[0]
