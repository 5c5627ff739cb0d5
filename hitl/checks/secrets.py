"""Find keys, tokens and passwords in a text by their form: by entropy alone every digest would be one.

The forms are those that the issuers document. RE2 searches for them, so that they may run in any thread, as long as the text is.
"""

from collections.abc import Iterator

from hitl.checks.finding import Finding, Severity
from hitl.checks.patterns import CheckRule, hits, rule

NAMES = (
    r"(api|auth|service|account|db|database|priv|private|client|access|secret)[_-]?key|(db|database|key)[_-]?pass|password|passwd"
    r"|passphrase|pwd|secret|(access|auth|api|refresh)[_-]?token|passwort|kennwort|geheimnis"
)
QUOTED = r"""['"\]]{0,2}\s{0,8}(:=|=>|[:=])\s{0,8}['"][^'"\s]{4,}"""
BARE = r"=[^\s'\"(){}$<>;,]{6,}"
"""As in a file of environment variables: without blanks around it."""

FORMS = {
    "AWS access key": r"\b(?-i:A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)(?-i:[A-Z0-9]{16})\b",
    "Azure storage key": r"AccountKey=[a-z0-9+/=]{88}",
    "password in a URL": r"://[^\s:/@]{1,100}:[^\s/@]{1,200}@",
    "GitHub token": r"\b(gh[pousr]_[a-z0-9_]{36}|github_pat_[a-z0-9_]{40})",
    "GitLab token": r"\bgl(pat|dt|ft|soat|rt|cbt|ptt)-[a-z0-9_-]{20}",
    "JSON Web Token": r"\b(?-i:eyJ)[a-z0-9_=-]{8,}\.[a-z0-9_=-]{8,}",
    "npm token": r"(_authToken=\s{0,8}|\bnpm_)[a-z0-9-]{36}",
    "OpenAI token": r"\bsk-[a-z0-9_-]{20,}",
    "private key": r"-----BEGIN ([A-Z]{2,10} ){0,2}PRIVATE KEY( BLOCK)?-----|PuTTY-User-Key-File-[23]",
    "SendGrid key": r"\bSG\.[a-z0-9_-]{22}\.[a-z0-9_-]{43}",
    "Slack token": r"\bxox[abposr]-(\d+-)*[a-z0-9]{10,}|hooks\.slack\.com/services/T[a-z0-9_]{8,}/B[a-z0-9_]{8,}/",
    "Stripe key": r"\b[rs]k_live_[0-9a-z]{24}",
    "Google API key": r"\b(?-i:AIza)[a-z0-9_-]{35}",
    "key of this service": r"\bhitl_[a-z0-9]+_[a-z0-9]{16,}",
    "a value that its name calls secret": rf"({NAMES})[a-z0-9_-]{{0,40}}({QUOTED}|{BARE})",
}
SECRET_RULES: tuple[CheckRule, ...] = tuple(
    rule("secret", form, f"looks like a secret: {kind}", Severity.HIGH) for kind, form in FORMS.items()
)


def secrets_in(text: str) -> Iterator[Finding]:
    """The reason names the kind of secret, never the secret."""
    return hits(text, SECRET_RULES)
