"""The console over the review application and the gateway in this very process: tasks whose definitions people change."""

import time
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from hitl.approval import Vote
from hitl.intake.memory import MemoryServing
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL
from hitl.tasks.definition import body_of, spec_of
from serve_app.decisions.app import Gateway, GatewayPorts
from serve_app.http.telemetry import Telemetry
from serve_app.reconcilers.definitions import DefinitionKeeper
from serve_app.reconcilers.deployer import Deployer
from serve_app.setup.definitions import EVERYTHING, Proposer
from tests.console.near import Near
from tests.definitions.world import accept, voters
from tests.gateway.service import Artifacts, Echo


class Defined(Near):
    """``more`` are other keys of the definition of digits."""

    def __init__(self, **more: Any) -> None:
        super().__init__(undo_s=60.0)
        self.tasks["digits"] = spec_of({**body_of(self.tasks["digits"]), **more})
        self.proposer = Proposer(self.shards, EVERYTHING, lambda spec: False, time.time)
        self.gateway = Gateway(
            GatewayPorts(
                tasks=self.tasks,
                policies=self.ports.policies,
                intakes=self.intakes,
                serving=MemoryServing(),
                journal=self.shards.journals[APPROVAL],
                artifacts=Artifacts(),
                load=lambda data, labels, width: Echo(),
                keys=self.store,
                telemetry=Telemetry(),
                proposer=self.proposer,
                door=self.ports.door,
            )
        )
        self.deployer = Deployer(self.shards, self.tasks, accept, voters, proposer=self.proposer)  # type: ignore[arg-type]

    def application(self) -> ASGIApp:
        """As the proxy sends requests: those below /v1/tasks to the gateway."""
        review = super().application()

        async def routed(scope: Scope, receive: Receive, send: Send) -> None:
            of_gateway = scope["type"] == "http" and scope["path"].startswith("/v1/tasks")
            await (self.gateway if of_gateway else review)(scope, receive, send)

        return routed

    async def settle(self) -> None:
        await super().settle()
        await DefinitionKeeper(self.proposer, self.tasks, None, self.tasks).once()  # type: ignore[arg-type]

    def adopt(self, approval_id: str, digest: str) -> None:
        """Let two people approve the change, and put it in force."""
        for who in ("ann", "bob"):
            vote = Vote(approval_id, who, "approve", digest, "read")
            self.do(self.shards.submit(APPROVAL, Envelope(vote, f"{who}:{approval_id}", "", who, "r")))
        self.do(self.deployer.once())
