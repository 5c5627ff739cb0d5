"""How long cases are kept, as a task file says it."""

import pytest
from pydantic import ValidationError

from hitl.intake.retention import is_over
from hitl.tasks.retention_terms import RetentionTerms

DAY_S = 86_400.0


def test_nothing_is_deleted_unless_a_task_says_so() -> None:
    assert not is_over("1970-01-01", RetentionTerms().archive_days, 1e12)


@pytest.mark.parametrize(("now", "over"), [(31 * DAY_S - 1, False), (31 * DAY_S, True)])
def test_a_day_is_over_so_many_days_after_its_end(now: float, over: bool) -> None:
    assert is_over("1970-01-01", 30, now) is over


@pytest.mark.parametrize(
    "terms",
    [{"archive_days": 0}, {"cases_days": 0.0}, {"cases_days": 8.0, "archive_days": 7}, {"days": 7}, {"archive_days": 1.5}],
)
def test_terms_that_make_no_sense_are_refused(terms: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        RetentionTerms.model_validate(terms)
