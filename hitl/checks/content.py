"""Find content that must not be published: hate, confidential data, personal data, secrets.

Lexicons and patterns find the plain cases and show where; they judge nothing, and what they miss is for the people who read it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from hitl.checks.checksums import is_card, is_iban, is_social_security_number
from hitl.checks.finding import ContentReport, Finding, Severity
from hitl.checks.lexicon import confidential_data, hate_speech
from hitl.checks.patterns import hits, rule
from hitl.checks.secrets import secrets_in
from hitl.errors import InvalidInput

CONTENT_COMPLIANCE = "content_compliance"
SECRETS = "secrets"

HATE_SPEECH, CONFIDENTIAL_DATA = hate_speech(), confidential_data()
PII = (
    rule(
        "pii-card",
        r"(?:^|[^\d-])((?:\d[ -]?){12,18}\d)(?:$|[^\d-])",
        "is a payment card's number",
        Severity.HIGH,
        is_card,
    ),
    rule("pii-iban", r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8})\b", "is a bank account's number", Severity.HIGH, is_iban),
    rule(
        "pii-social-security",
        r"(?:^|[^\d-])(\d{3}-\d{2}-\d{4})(?:$|[^\d-])",
        "is a social security number",
        Severity.HIGH,
        is_social_security_number,
    ),
    rule("pii-e-mail", r"\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b", "is an e-mail address", Severity.MEDIUM),
    rule(
        "pii-phone",
        r"(^ ?|[^\w. ]|[^\d] )(\+|00)[1-9]\d{0,2}[ ./-]?(\(?\d{1,5}\)?[ ./-]?){2,5}\d{2,}($|\W)",
        "is a telephone number",
        Severity.MEDIUM,
    ),
    rule(
        "pii-birth",
        r"\b(born (on )?|date of birth:?\s*|dob:?\s*)\d{1,4}[./-]\d{1,2}[./-]\d{1,4}",
        "is a date of birth",
        Severity.MEDIUM,
    ),
)

Check = Callable[[str], Iterable[Finding]]
POLICIES: Mapping[str, Check] = {
    "hate_speech": lambda content: hits(content, HATE_SPEECH),
    "confidential_data": lambda content: hits(content, CONFIDENTIAL_DATA),
    "pii": lambda content: hits(content, PII),
    SECRETS: secrets_in,
}


def require_policies(policies: Sequence[str]) -> None:
    """Raises InvalidInput for a policy that there is none of."""
    unknown = [policy for policy in policies if not isinstance(policy, str) or policy not in POLICIES]
    if unknown or not policies:
        raise InvalidInput("/policies", f"some of {', '.join(POLICIES)}")


def check_content(content: str, policies: Sequence[str] = tuple(POLICIES)) -> ContentReport:
    """Raises InvalidInput for a policy that there is none of."""
    require_policies(policies)
    found = [finding for policy in dict.fromkeys(policies) for finding in POLICIES[policy](content)]
    return ContentReport(CONTENT_COMPLIANCE, found)
