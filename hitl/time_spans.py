"""Say a span of time to people."""

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def largest_units(seconds: int) -> list[str]:
    """Return the two largest units of a span; none of no span.

    >>> largest_units(5_400), largest_units(129_605), largest_units(0)
    (['1 hour', '30 minutes'], ['1 day', '12 hours'], [])
    """
    left, parts = seconds, list[str]()
    for unit, size in UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return parts[:2]
