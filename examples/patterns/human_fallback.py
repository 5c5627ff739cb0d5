"""Automatic with human fallback: what a program is sure of passes, the rest and every error goes to a person."""

from typing import Any

from team import Team, main

from hitl.workflow.steps import AutoWithHumanFallbackStep


class ReadAmount(AutoWithHumanFallbackStep):
    """Reads an amount: sure of plain numbers, unsure of others, lost without digits."""

    async def process(self, data: dict[str, Any]) -> dict[str, Any]:
        digits = "".join(each for each in data["text"] if each.isdigit())
        return {"amount": int(digits), "confidence": len(digits) / len(data["text"])}


async def run(team: Team) -> dict[str, Any]:
    """Three texts: one is read by the program, two by a person."""
    step, found = ReadAmount("amount", {}, "invoices", interactions=team.pipeline), []
    for text in ("1200", "about 1200 euros", "a lot"):
        answer = await step.run({"text": text})
        if answer["status"] == "escalated_to_human":
            await team.ann.answer(answer["interaction_id"], manual_result="1200")
        found.append(answer.get("escalation_reason", answer["status"]).split(":")[0])
    return {"how": found}


if __name__ == "__main__":
    main(run)
