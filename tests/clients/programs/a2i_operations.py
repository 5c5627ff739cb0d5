"""One operation of Amazon A2I for each line of the standard input, by the example's client; its answer on the standard output."""

import json
import sys

from botocore.exceptions import ClientError

sys.path.insert(0, "examples/clients")
from a2i_loop import open_client

client = open_client()
for line in sys.stdin:
    operation, arguments = json.loads(line)
    try:
        if operation == "list_human_loops":
            pages = client.get_paginator(operation).paginate(**arguments)
            answer = {"names": [row["HumanLoopName"] for page in pages for row in page["HumanLoopSummaries"]]}
        else:
            answer = getattr(client, operation)(**arguments)
    except ClientError as error:
        answer = {"error": error.response["Error"]["Code"]}
    answer.pop("ResponseMetadata", None)
    print(json.dumps(answer, default=str), flush=True)
