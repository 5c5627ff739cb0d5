"""Find content that must not be published: hate, confidential data, personal data, secrets.

A lexicon and patterns find the plain cases and show where; they judge nothing, and what they miss is for the people who read it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from hitl.checks.checksums import is_card, is_iban, is_social_security_number
from hitl.checks.finding import ContentReport, Finding, Severity
from hitl.checks.patterns import hits, rule
from hitl.checks.secrets import secrets_in
from hitl.errors import InvalidInput

CONTENT_COMPLIANCE = "content_compliance"
SECRETS = "secrets"

GROUPS = (
    r"(jews|muslims|christians|hindus|arabs|africans|asians|blacks?( people)?|whites?( people)?|immigrants|migrants|refugees"
    r"|foreigners|gays?|lesbians|trans( people)?|women|men|disabled( people)?|gypsies|roma|natives|mexicans|poles|turks|kurds)"
)
LOW = r"(vermin|parasites?|sub-?humans?|cockroaches|rats|animals|filth|scum|a disease|a plague|inferior|worthless|garbage)"
HARM = r"(kill|exterminate|eradicate|gas|hang|lynch|shoot|burn|wipe out|get rid of|deport|cleanse)"

HATE_SPEECH = (
    rule(
        "hate-dehumanises",
        rf"\b{GROUPS}\s+(are|is)\s+(all\s+|nothing but\s+|just\s+)?{LOW}\b",
        "says that people are less than people",
        Severity.HIGH,
    ),
    rule(
        "hate-calls-for-harm",
        rf"\b{HARM}\s+(all\s+|every\s+|the\s+|those\s+|these\s+)*{GROUPS}\b",
        "calls for harm to a group of people",
        Severity.HIGH,
    ),
    rule(
        "hate-excludes",
        rf"\b{GROUPS}\s+(should|must)\s+(not be allowed|be banned|be removed|go back|not exist)\b",
        "demands that a group be shut out",
        Severity.HIGH,
    ),
)
CONFIDENTIAL_DATA = (
    rule(
        "confidential-marked",
        r"\b(strictly\s+)?(confidential|proprietary)\b|\btop secret\b",
        "is marked as confidential",
        Severity.HIGH,
    ),
    rule(
        "confidential-internal",
        r"\b(internal use only|not for distribution|do not (distribute|share|forward)|under embargo)\b",
        "is not meant to leave the house",
        Severity.HIGH,
    ),
    rule("confidential-agreement", r"\b(non-disclosure agreement|under nda)\b", "is covered by an agreement", Severity.MEDIUM),
    rule(
        "confidential-plans",
        r"\b(unreleased|unannounced|not yet public|merger talks|acquisition target|layoff plans?)\b",
        "tells what is not public yet",
        Severity.MEDIUM,
    ),
)
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


def check_content(
    content: str, policies: Sequence[str] = tuple(POLICIES), secrets: Sequence[Finding] | None = None
) -> ContentReport:
    """``secrets`` are those that were found elsewhere; None: they are looked for here. Raises InvalidInput for a policy that
    there is none of."""
    require_policies(policies)
    here = [policy for policy in dict.fromkeys(policies) if policy != SECRETS or secrets is None]
    found = [finding for policy in here for finding in POLICIES[policy](content)]
    return ContentReport(CONTENT_COMPLIANCE, [*found, *(secrets or ())])
