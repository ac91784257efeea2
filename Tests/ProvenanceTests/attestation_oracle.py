"""Judges documents by attestation.schema.json, beside this file.

Reads {"documents": [{"kind", "value", "valid", "path"}]} on standard input and prints how many were
judged as expected. The validator below knows the few keywords that the schema uses, so that no
package is needed; where the package jsonschema is there, it must agree.
"""

import json
import pathlib
import re
import sys

SCHEMA = json.loads(pathlib.Path(__file__).with_name("attestation.schema.json").read_text())
KNOWN = {
    "$ref", "type", "const", "enum", "pattern", "required", "properties", "additionalProperties",
    "minProperties", "items", "minItems", "allOf", "anyOf",
}
TYPES = {"object": dict, "array": list, "string": str}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def accepts(schema, value):
    unknown = set(schema) - KNOWN
    if unknown:
        raise SystemExit(f"this validator does not know {unknown}")
    if "$ref" in schema and not accepts(SCHEMA["$defs"][schema["$ref"].split("/")[-1]], value):
        return False
    if "type" in schema and not is_type(value, schema["type"]):
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if not all(accepts(part, value) for part in schema.get("allOf", [])):
        return False
    if "anyOf" in schema and not any(accepts(part, value) for part in schema["anyOf"]):
        return False
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            return False
        return all(accepts(schema.get("items", {}), item) for item in value)
    if isinstance(value, dict):
        return accepts_members(schema, value)
    return True


def accepts_members(schema, value):
    if len(value) < schema.get("minProperties", 0):
        return False
    if not all(name in value for name in schema.get("required", [])):
        return False
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name, member in value.items():
        if name in properties:
            if not accepts(properties[name], member):
                return False
        elif others is False or (others is not True and not accepts(others, member)):
            return False
    return True


def second_opinion():
    try:
        import jsonschema
    except ImportError:
        return None

    def judge(kind, value):
        schema = {"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]}
        return jsonschema.Draft202012Validator(schema).is_valid(value)

    return judge


judge = second_opinion()
documents = json.load(sys.stdin)["documents"]
expected = 0
for document in documents:
    kind, value = document["kind"], document["value"]
    found = accepts(SCHEMA["$defs"][kind], value)
    if found != document["valid"]:
        print(kind, document["path"], "accepted" if found else "refused")
    elif judge is not None and judge(kind, value) != found:
        print(kind, document["path"], "the validators disagree")
    else:
        expected += 1
print(f"{expected} of {len(documents)} as expected, by", 1 if judge is None else 2, "validators")
