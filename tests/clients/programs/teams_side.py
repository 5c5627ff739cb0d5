"""Teams by packages of its own kind: ``check`` reads a card by the published schemas, ``write`` sends what somebody wrote.

The message is the Bot Framework's Activity (botbuilder-schema), with the tenant and the mention as Teams puts them. No package
verifies or signs outgoing webhooks: the signature is made as Microsoft documents it.
"""

import base64
import hashlib
import hmac
import json
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import adaptive_cards
from adaptive_cards.card import AdaptiveCard
from adaptive_cards.validation import CardValidatorFactory
from botbuilder.schema import Activity, ChannelAccount, Mention
from jsonschema.validators import Draft6Validator


def check(message: str) -> str:
    """What the published schema of the card's version and the rules for Teams say against it, then its texts."""
    activity = Activity().deserialize(json.loads(message))
    (attachment,) = activity.attachments
    content = attachment.content
    schema = Path(adaptive_cards.__file__).parent / "schemas" / f"schema-{content['version']}.json"
    against = [error.message for error in Draft6Validator(json.loads(schema.read_text())).iter_errors(content)]
    teams = CardValidatorFactory.create_validator_microsoft_teams()
    teams.validate(AdaptiveCard.model_validate(content), debug=False)
    found = [f"{each.failure.value}: {each.message_additional}" for each in teams.details()]
    return json.dumps([activity.type, attachment.content_type, against, found])


def write(url: str, secret: str, tenant: str, user: str, sentence: str, message_id: str) -> str:
    """The status, and the text of the answer."""
    bot, who = ChannelAccount(id="28:hitl", name="hitl"), ChannelAccount(id="29:1XJ", name="Ann", aad_object_id=user)
    at = Mention(mentioned=bot, text="<at>hitl</at>", type="mention")
    activity = Activity(
        type="message",
        id=message_id,
        timestamp=datetime.now(UTC),
        channel_id="msteams",
        from_property=who,
        recipient=bot,
        text=f"<at>hitl</at>&nbsp;{sentence}\n",
        text_format="plain",
        entities=[at],
        channel_data={"tenant": {"id": tenant}, "team": {"id": "19:1@thread.skype"}, "channel": {"id": uuid.uuid4().hex}},
    )
    body = json.dumps(activity.serialize()).encode()
    signature = base64.b64encode(hmac.new(base64.b64decode(secret), body, hashlib.sha256).digest()).decode()
    headers = {"content-type": "application/json; charset=utf-8", "authorization": f"HMAC {signature}"}
    with urlopen(Request(url, body, headers), timeout=30) as answer:
        reply = Activity().deserialize(json.loads(answer.read()))
        return json.dumps([answer.status, reply.type, reply.text])


print(globals()[sys.argv[1]](*sys.argv[2:]), flush=True)
