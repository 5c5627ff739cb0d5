"""Label Studio's SDK checks the tasks of an exported file against a labelling configuration: a line for each task."""

import json
import sys
from pathlib import Path

from label_studio_sdk.label_interface import LabelInterface

interface = LabelInterface(sys.argv[2])
for task in json.loads(Path(sys.argv[1]).read_text()):
    bare = {"data": task["data"]}  # with annotations the SDK's own check of a task calls itself wrongly
    answer, said = task["annotations"][0], task["predictions"][0]
    checks = (interface.validate_task(bare), interface.validate_annotation(answer), interface.validate_prediction(said))
    print(*checks, flush=True)
