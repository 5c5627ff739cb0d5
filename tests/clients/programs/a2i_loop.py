"""boto3's own client of Amazon A2I: one operation for each line of the standard input, its answer on the standard output."""

import json
import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

client = boto3.client(
    "sagemaker-a2i-runtime",
    endpoint_url=os.environ["A2I"],
    region_name="us-east-1",
    aws_access_key_id=os.environ["KEY_ID"],
    aws_secret_access_key=os.environ["SECRET"],
    config=Config(retries={"max_attempts": 8, "mode": "standard"}),
)
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
