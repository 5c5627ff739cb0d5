"""A function that is called only after people have approved exactly this call.

    pip install ray-hitl-client
    HITL_API_URL=http://127.0.0.1:8000 HITL_API_KEY=<a client's key> python guarded_refund.py 7 5.0

Stop it while it waits and start it again with the same order: it asks nobody twice.
"""

import sys

from hitl.integrations import NotApproved, require_approval


@require_approval(title="Refund an order?", id_of=lambda arguments: f"refund.{arguments['order']}")
def refund(order: int, amount: float) -> str:
    return f"refunded {amount} of order {order}"


def main(order: int, amount: float) -> None:
    try:
        print(refund(order, amount), flush=True)
    except NotApproved as refusal:
        print(refusal, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
