"""Label Studio's SDK, Argilla and Hugging Face's datasets read what was exported: prints what each of them makes of it."""

import json
import sys
from pathlib import Path

if sys.argv[1] == "label-studio":
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface(sys.argv[3])
    for task in json.loads(Path(sys.argv[2]).read_text()):
        bare = {"data": task["data"]}  # with annotations the SDK's own check of a task calls itself wrongly
        answer, said = task["annotations"][0], task["predictions"][0]
        checks = (interface.validate_task(bare), interface.validate_annotation(answer), interface.validate_prediction(said))
        print(*checks, flush=True)
elif sys.argv[1] == "argilla":
    from argilla.records._io._json import JsonIO

    records = JsonIO._records_from_json(sys.argv[2])  # as dataset.records.from_json, which needs a server, reads them
    JsonIO.to_json(records, sys.argv[3])
    suggested = [[each.value, each.score] for record in records for each in record.suggestions]
    print(json.dumps([suggested, [each.value for record in records for each in record.responses]]), flush=True)
else:
    from datasets import load_dataset

    rows = load_dataset("json", data_files=sys.argv[2], split="train", cache_dir=sys.argv[3])
    print(json.dumps([rows.column_names, rows["label"][:]]), flush=True)
