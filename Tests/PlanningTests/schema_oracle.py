"""Validates documents against JSON Schemas with an independent validator.

Reads {"documents": [{"schema", "text", "valid"}]} on standard input. Prints `ready` when the
validator is there, and then how many documents were judged as expected.
"""

import json
import sys

try:
    import jsonschema
    import yaml
except ImportError:
    sys.exit(0)

print("ready")
documents = json.load(sys.stdin).get("documents")
if documents is not None:
    expected = 0
    for document in documents:
        validator = jsonschema.Draft202012Validator(json.loads(document["schema"]))
        validator.check_schema(validator.schema)
        is_valid = validator.is_valid(yaml.safe_load(document["text"]))
        expected += is_valid == (document["valid"] == "yes")
    print(expected, "as expected")
