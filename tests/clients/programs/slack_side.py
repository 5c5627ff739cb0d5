"""Slack by its own package: ``check`` reads a message as Block Kit, ``press`` signs the press of a button and sends it."""

import json
import sys
import time
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.signature import SignatureVerifier


def check(message: str) -> str:
    """The buttons' actions, once every block holds to Slack's limits."""
    blocks = Block.parse_all(json.loads(message)["blocks"])
    for block in blocks:
        block.validate_json()
    return " ".join(str(each.action_id) for block in blocks if isinstance(block, ActionsBlock) for each in block.elements)


def press(url: str, secret: str, token: str, vote: str) -> str:
    action = {"type": "button", "action_id": f"hitl_vote_{vote}", "block_id": "b", "value": token}
    who = {"user": {"id": "U1"}, "team": {"id": "T1"}, "response_url": "https://hooks.slack.com/actions/T1/1/abc"}
    body = urlencode({"payload": json.dumps({"type": "block_actions", "actions": [action], **who})})
    at = str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
    headers = {"content-type": "application/x-www-form-urlencoded", "x-slack-request-timestamp": at}
    with urlopen(Request(url, body.encode(), {**headers, "x-slack-signature": str(signature)}), timeout=30) as answer:
        return str(answer.status)


print(globals()[sys.argv[1]](*sys.argv[2:]), flush=True)
