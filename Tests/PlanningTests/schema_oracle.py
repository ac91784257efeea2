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


class CoreLoader(yaml.SafeLoader):
    """Reads times as texts, as YAML 1.2 does."""


CoreLoader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

print("ready")
documents = json.load(sys.stdin).get("documents")
if documents is not None:
    expected = 0
    for document in documents:
        validator = jsonschema.Draft202012Validator(json.loads(document["schema"]))
        validator.check_schema(validator.schema)
        is_valid = validator.is_valid(yaml.load(document["text"], CoreLoader))
        expected += is_valid == (document["valid"] == "yes")
    print(expected, "as expected")
