"""What the words of an option say: whether they approve or reject. In English and German; other languages are not read."""

import re
import unicodedata

REJECTING = frozenset({"reject", "deny", "no", "changes", "request_changes", "cancel", "stop", "block", "dont_publish"})
APPROVING = frozenset(
    {"approve", "execute", "compliant", "publish", "continue", "proceed", "yes", "deploy", "allow", "retry", "accept"}
)
SPOKEN: dict[str, str] = {
    **dict.fromkeys(
        ("rejected", "denied", "decline", "declined", "refuse", "refused", "disapprove", "disallow", "abort"), "reject"
    ),
    **dict.fromkeys(("approved", "accepted", "allowed", "agree", "agreed", "confirm", "confirmed", "ok"), "approve"),
    **dict.fromkeys((word for word in REJECTING if "_" not in word and word != "changes"), "reject"),
    **dict.fromkeys(APPROVING, "approve"),
    **dict.fromkeys(
        (
            *(
                "ablehnen",
                "abgelehnt",
                "ablehnung",
                "verweigern",
                "verweigert",
                "verwerfen",
                "verworfen",
                "nein",
                "stopp",
                "stoppen",
            ),
            *("abbrechen", "abgebrochen", "sperren", "gesperrt", "verbieten", "verboten", "zurückweisen", "zurückgewiesen"),
            *("untersagen", "untersagt", "widersprechen", "blockieren", "verhindern"),
        ),
        "reject",
    ),
    **dict.fromkeys(
        (
            *(
                "genehmigen",
                "genehmigt",
                "genehmigung",
                "zustimmen",
                "zugestimmt",
                "zustimmung",
                "freigeben",
                "freigegeben",
                "freigabe",
            ),
            *("annehmen", "angenommen", "akzeptieren", "akzeptiert", "erlauben", "erlaubt", "zulassen", "zugelassen", "ja"),
            *("ausführen", "veröffentlichen", "fortfahren", "bestätigen", "bestätigt", "einverstanden"),
        ),
        "approve",
    ),
}
"""Words that decide inside a text. "Changes" does so only as a whole value: one can also approve with changes."""

NEGATIONS = frozenset({"not", "dont", "never", "cannot", "cant", "nicht", "nie", "niemals", "kein", "keine", "keinesfalls"})
OPPOSITE = {"approve": "reject", "reject": "approve"}
WORD = re.compile(r"[^\W_]+")

LOOKS_LIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "аеѕіјорсухһԁԛԝҽ" + "οικνρυχω",
    "ABESIJKMHOPCTYX" + "ABEZHIKMNOPTYX" + "aesijopcyxhdqwe" + "oikvpuxw",
)
"""Cyrillic and Greek letters that are drawn as Latin ones: nobody who votes could tell them apart."""


def outcome_of_value(value: str) -> str | None:
    """Return the outcome that a whole value names; None where it names none.

    >>> outcome_of_value("Request_Changes"), outcome_of_value("perhaps")
    ('reject', None)
    """
    whole = value.lower()
    if whole in REJECTING:
        return "reject"
    return "approve" if whole in APPROVING else None


def outcome_said(text: str) -> str | None:
    """Return the outcome of the first word that decides, turned where a negation stands before it; None where no word does.

    >>> outcome_said("Approve it"), outcome_said("Don't approve"), outcome_said("Plan B")
    ('approve', 'reject', None)
    """
    if whole := outcome_of_value(text):
        return whole
    is_negated = False
    for word in WORD.findall(_plain(text)):
        if word in SPOKEN:
            return OPPOSITE[SPOKEN[word]] if is_negated else SPOKEN[word]
        is_negated = is_negated or word in NEGATIONS
    return None


def plain_value(text: str) -> str:
    """``text`` as people read it: values that differ only in case, width or invisible characters look alike."""
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    shown = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    plain = "".join(shown).translate(LOOKS_LIKE)  # capitals look alike in other ways than small letters: before their case goes
    return plain.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "").casefold()
