"""HumanLayer's own example, unchanged: a function that a person must approve, and a question to a person.

    pip install humanlayer==0.7.9
    HUMANLAYER_API_BASE=http://127.0.0.1:8000/humanlayer/v1 HUMANLAYER_API_KEY=<a client's key> python human_layer_agent.py

Only these two variables lead it to this service; nothing of ray-hitl is imported.
"""

from humanlayer import HumanLayer

hl = HumanLayer(run_id="example")


@hl.require_approval()
def multiply(x: int, y: int) -> int:
    """multiply two numbers"""
    return x * y


def main() -> None:
    print(multiply(x=6, y=7), flush=True)
    print(hl.human_as_tool()("Which number did you expect?"), flush=True)


if __name__ == "__main__":
    main()
