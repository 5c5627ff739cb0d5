"""A receiver of webhooks: checks the signature, drops what it knows, and prints the event.

    pip install standardwebhooks
    HITL_WEBHOOK_SECRET=whsec_<24 to 64 bytes in base64> python webhook_receiver.py 8090

The channel here, in configs/notifications.yaml (plain HTTP and an address of your own machine must be allowed there):

    webhook: {type: webhook, url: "http://127.0.0.1:8090/", secrets: ["${HITL_WEBHOOK_SECRET}"], format: cloudevents}

A message comes once or more, always under its id: this program remembers ids in memory, yours keeps them with what it does.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

LONGEST = 1_000_000
known = set[str]()


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 once the message is taken; anything but 2xx is sent again later."""

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("content-length", 0)), LONGEST))
        try:
            Webhook(os.environ["HITL_WEBHOOK_SECRET"]).verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError:
            return self._answer(401)
        if self.headers["webhook-id"] not in known:
            known.add(self.headers["webhook-id"])
            event = json.loads(body)
            print(event["type"], json.dumps(event["data"], sort_keys=True), flush=True)
        return self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Print events alone."""


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
