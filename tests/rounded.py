"""Figures that two processes compute: the same but for the last digits, which differ with the number of threads."""

from typing import Any

import pytest


def rounded(found: Any) -> Any:
    """``found`` with each of its floats equal to whatever is as near as rounding leaves it (one part in 10^9)."""
    if isinstance(found, dict):
        return {name: rounded(each) for name, each in found.items()}
    if isinstance(found, list | tuple):
        return [rounded(each) for each in found]
    return pytest.approx(found, rel=1e-9, abs=1e-12) if isinstance(found, float) else found
