"""Numbers with their nouns, as messages say them."""

import pytest

from hitl.quality.number_of import number_of


@pytest.mark.parametrize(("number", "said"), [(0, "0 errors"), (1, "1 error"), (2, "2 errors")])
def test_one_stands_alone(number: int, said: str) -> None:
    assert number_of(number, "error") == said
