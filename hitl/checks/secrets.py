"""Keys, tokens and passwords in a text, as detect-secrets knows them."""

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


def secrets_in(text: str) -> Iterator[Finding]:
    """The reason names the kind of secret, never the secret."""
    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS]}):
        for number, line in enumerate(text.splitlines(), 1):
            for kind in sorted({found.type for found in scan_line(line)}):
                yield Finding(number, "secret", f"looks like a secret: {kind}", Severity.HIGH)
