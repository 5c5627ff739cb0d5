"""Find dangerous code: bandit's findings for Python, rules for SQL and shell in any language, and signs that hide what runs."""

from collections.abc import Sequence

from hitl.checks.finding import ContentReport, Finding, Severity
from hitl.checks.hidden_signs import hidden_in
from hitl.checks.patterns import hits, rule

CODE_SECURITY = "code_security"

BUT_WHERE = r"(?:w|wh|whe|wher|where\w+|(?:[^\Ww]|w[^\Wh]|wh[^\We]|whe[^\Wr]|wher[^\We])\w*)"
"""A word that is not "where": RE2 knows no negative look-ahead."""

STATEMENT = rf"update\s+[\w.\"`]+\s+set(?:[^\w;\"']+{BUT_WHERE})*[^\w;\"']*"
"""A change up to a sign that ends it, without a WHERE."""

CHANGES_ROWS = r"\b(select|insert|update|delete)\b"

SQL = (
    rule("sql-drop", r"\b(drop|truncate)\s+(table|database|schema)\b", "destroys a table or a database", Severity.HIGH),
    rule(
        "sql-change-all",
        rf"\b(delete\s+from\s+[\w.\"`]+|{STATEMENT})\s*(;|\"|'|$)",
        "changes every row: there is no WHERE",
        Severity.HIGH,
    ),
    rule("sql-grant", r"\b(grant|revoke)\s+[\w\s,]+\s+on\b", "changes who may do what in the database", Severity.MEDIUM),
    rule(
        "sql-built-from-text",
        rf"\bf[\"']([^\"']*{CHANGES_ROWS}[^\"']*\{{|[^\"']*\{{[^\"']*{CHANGES_ROWS})"
        rf"|{CHANGES_ROWS}[^\"']*[\"']\s*(%|\+|\.format\()",
        "builds SQL from text: what a user types becomes a command",
        Severity.HIGH,
    ),
)
SHELL = (
    rule("shell-remove-tree", r"\brm\s+(-\w*\s+)*-\w*(rf|fr|r)\w*\b", "removes a whole tree of files", Severity.HIGH),
    rule(
        "shell-run-download",
        r"\b(curl|wget)\b[^|;]*\|\s*(sudo\s+)?(ba|z|da)?sh\b",
        "runs whatever a server sends",
        Severity.HIGH,
    ),
    rule("shell-overwrite-disk", r"\b(mkfs(\.\w+)?|dd\s+[^|;]*of=/dev/)", "overwrites a disk", Severity.HIGH),
    rule("shell-open-files", r"\bchmod\s+(-\w+\s+)*(0?777|a\+rwx)\b", "lets everybody write the files", Severity.MEDIUM),
    rule("shell-as-root", r"(^|[\s;&|\"'])sudo\s", "runs as root", Severity.MEDIUM),
    rule("shell-eval", r"(^|[\s;&|])eval\s+[\"'$]", "runs text as a command", Severity.HIGH),
    rule(
        "shell-send-out",
        r"\b(nc|netcat)\s+(-\w+\s+)*[\w.-]+\s+\d+|/dev/tcp/",
        "opens a connection to another machine",
        Severity.HIGH,
    ),
)


def check_code(code: str, bandit: Sequence[Finding]) -> ContentReport:
    """``bandit`` are its findings where the code is Python."""
    return ContentReport(CODE_SECURITY, [*bandit, *hidden_in(code), *hits(code, (*SQL, *SHELL))])
