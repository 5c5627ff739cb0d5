"""Find keys, tokens and passwords in a text with detect-secrets."""

from collections.abc import Iterator

from detect_secrets.core.scan import scan_line
from detect_secrets.settings import transient_settings

from hitl.checks.finding import Finding, Severity

PLUGINS = (
    "AWSKeyDetector",
    "AzureStorageKeyDetector",
    "BasicAuthDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "JwtTokenDetector",
    "KeywordDetector",
    "NpmDetector",
    "OpenAIDetector",
    "PrivateKeyDetector",
    "SendGridDetector",
    "SlackDetector",
    "StripeDetector",
)
"""Those that know a secret by its form; by entropy alone every digest would be one."""


PIECE = 600
"""Characters of a line after which the next piece begins. A piece has twice as many, so that a secret of this length is whole in
one: detect-secrets takes the square of a line's length."""


def secrets_in(text: str) -> Iterator[Finding]:
    """The reason names the kind of secret, never the secret. Not for an event loop or two threads at once: it may take the square
    of PIECE for each piece, and the settings of detect-secrets belong to the whole process."""
    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS]}):
        known: dict[str, set[str]] = {}
        for number, line in enumerate(text.splitlines(), 1):
            for kind in sorted(_kinds_in(line, known)):
                yield Finding(number, "secret", f"looks like a secret: {kind}", Severity.HIGH)


def _kinds_in(line: str, known: dict[str, set[str]]) -> set[str]:
    """``known`` has what was found in pieces that were looked at before."""
    kinds: set[str] = set()
    for at in range(0, len(line), PIECE):
        piece = line[at : at + 2 * PIECE]
        if piece not in known:
            known[piece] = {found.type for found in scan_line(piece)} if piece.strip() else set()
        kinds |= known[piece]
    return kinds
