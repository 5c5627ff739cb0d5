"""Verify check digits of card and account numbers."""

import re

LETTER_OFFSET = 55
"""``ord("A") - 10``: letters of an IBAN count from 10 (ISO 13616)."""


def is_card(text: str) -> bool:
    """Tell whether the digits pass the Luhn test (ISO/IEC 7812-1) and are as many as a card has.

    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(character) for character in text if character.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [digit * 2 - 9 * (digit > 4) if at % 2 else digit for at, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Tell whether the number is 1 modulo 97 once its country and check digits stand at its end (ISO 7064).

    >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE89 3704 0044 0532 0130 01")
    (True, False)
    """
    plain = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", plain):
        return False
    moved = plain[4:] + plain[:4]
    return int("".join(str(ord(each) - LETTER_OFFSET) if each.isalpha() else each for each in moved)) % 97 == 1


def is_social_security_number(text: str) -> bool:
    """Tell whether the United States could have issued it: no area 000, 666 or 9xx, no group 00, no serial 0000.

    >>> is_social_security_number("123-45-6789"), is_social_security_number("000-45-6789")
    (True, False)
    """
    area, group, serial = text.split("-")
    return area not in ("000", "666") and not area.startswith("9") and group != "00" and serial != "0000"
