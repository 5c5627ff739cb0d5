"""What the SDK makes of refusals: each line is what its caller sees."""

from humanlayer import HumanLayer
from humanlayer.core.models import FunctionCallStatus

hl = HumanLayer(run_id="errors")
for attempt in (
    lambda: hl.get_function_call("call-nothing"),
    lambda: hl.respond_to_function_call("call-nothing", FunctionCallStatus(approved=True)),
):
    try:
        attempt()
    except Exception as error:  # noqa: BLE001 - whatever comes is printed
        print(type(error).__name__, str(error), flush=True)
