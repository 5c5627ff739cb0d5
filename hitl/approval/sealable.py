"""Which values of a request may be sealed: never what decides who is asked, what is checked or what will run."""

from collections.abc import Iterable, Mapping

from hitl.approval.kinds import ApprovalKind
from hitl.errors import InvalidInput

RISK = "riskLevel"
"""The key of a context that makes the request a high risk."""

CODE = ("script", "code")
"""Keys of a context that hold code."""

IN_THE_OPEN: Mapping[str, str] = {RISK: "it says who is asked", **dict.fromkeys(CODE, "it is what will run")}
"""Keys that no request seals, with the reason."""

OF_KIND: Mapping[str, Mapping[str, str]] = {
    ApprovalKind.CODE_EXECUTION: dict.fromkeys(("language", "environment"), "it says how the code will run"),
    ApprovalKind.CONTENT_PUBLISHING: {"content": "it is what is checked and published", "policies": "it says what is checked"},
}


def require_sealable(kind: str, names: Iterable[str]) -> None:
    """Raises InvalidInput for the first of ``names`` that who votes must see."""
    if (found := why_in_the_open(kind, names)) is not None:
        raise InvalidInput("/sensitive", f"not {found[0]}: {found[1]}, and who votes must see it")


def why_in_the_open(kind: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Return the first of ``names`` that who votes must see, and why; None: all may be sealed.

    >>> why_in_the_open("custom", ["salary", "code"])
    ('code', 'it is what will run')
    """
    reasons = {**IN_THE_OPEN, **OF_KIND.get(kind, {})}
    return next(((name, reasons[name]) for name in names if name in reasons), None)
