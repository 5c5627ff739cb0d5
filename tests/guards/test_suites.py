"""The page of how long the suites take is made from what the suites report."""

from pathlib import Path

from docs.make_suites import read, section

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" tests="3" time="90.0">
<testcase classname="tests.faults.test_kills" name="test_a" time="60.5" />
<testcase classname="tests.faults.test_world" name="test_b" time="2.5"><skipped message="no" /></testcase>
<testcase classname="tests.test_shape" name="test_c" time="1.0" />
</testsuite></testsuites>
"""


def test_times_add_up_by_folder_and_the_longest_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "slow.xml"
    path.write_text(REPORT, encoding="utf-8")
    seconds, tests = read(path)
    page = section("slow", seconds, tests)
    assert "3 tests in 1.5 minutes; the limit is 40." in page
    assert "| faults | 2 | 63 |" in page
    assert page.index("faults.test_kills::test_a") < page.index("faults.test_world::test_b") < page.index("test_c")
