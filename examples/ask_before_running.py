"""Ask people before code is run: programs look first, people see what they found, and only a yes runs it.

    HITL_API_URL=http://127.0.0.1:8000 HITL_API_KEY=<a client's key> python examples/ask_before_running.py "print(6 * 7)"

Blocks until an approver has voted, or the request has expired; exits with 1 unless it was approved.
"""

import subprocess
import sys

from hitl.client import HumanApprovalResponse, HumanLayer


def run_if_approved(people: HumanLayer, code: str, user_id: str) -> tuple[HumanApprovalResponse, str | None]:
    """The answer, and what the code printed; None where it did not run."""
    answer = people.request_code_execution_approval(code, "this machine", user_id)
    if not answer.approved:
        return answer, None
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return answer, done.stdout


if __name__ == "__main__":
    told, printed = run_if_approved(HumanLayer.from_environment(), sys.argv[1], "example")
    sys.stdout.write(printed if printed is not None else f"not run: {told.status} ({told.reason or 'no reason given'})\n")
    sys.exit(0 if told.approved else 1)
