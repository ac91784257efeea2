"""Computes the fingerprints of the sample repository as docs/formats.md describes them.

Reads {path: blob id} as JSON on standard input; shares no code with Slipway.
"""

import hashlib
import json
import struct
import sys
from decimal import Decimal


def item(tag, payload):
    return tag + struct.pack(">Q", len(payload)) + payload


def number(value):
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    while text.endswith("0"):
        text, exponent = text[:-1], exponent + 1
    return ("-" if sign else "") + (f"{text}e{exponent}" if text else "0e0")


def encode(value):
    if value is None:
        return item(b"n", b"")
    if isinstance(value, bool):
        return item(b"b", b"true" if value else b"false")
    if isinstance(value, int):
        return item(b"i", str(value).encode())
    if isinstance(value, float):
        return item(b"d", number(value).encode())
    if isinstance(value, str):
        return item(b"s", value.encode())
    if isinstance(value, list):
        return item(b"l", b"".join(map(encode, value)))
    members = sorted((key.encode(), value[key]) for key in value)
    return item(b"m", b"".join(item(b"s", key) + encode(member) for key, member in members))


def fingerprint(version, value):
    return hashlib.sha256(version.encode() + b"\n" + encode(value)).hexdigest()


blobs = json.load(sys.stdin)
code = [
    [path, "100644", blobs[path]]
    for path in (
        "models/digits/evaluate.py",
        "models/digits/requirements.txt",
        "models/digits/train.py",
        "models/digits/warmup.json",
        "shared/features/pixels.py",
    )
]
requirements = code[1]
parameters = {"C": 1.0, "gamma": 0.001, "layers": [8, 16], "deep": {"on": True, "name": "ä"}}
digests = {
    "train": fingerprint("slipway-dataset-v1", [["data/digits-train.csv", "5f" * 32]]),
    "test": fingerprint("slipway-dataset-v1", [["data/digits-test.csv", "a0" * 32]]),
}
files = {
    role: [[f"data/digits-{role}.csv", "100644", blobs[f"data/digits-{role}.csv"]]]
    for role in ("train", "test")
}
evaluation = {
    "task": "classification",
    "step": "evaluate",
    "predictions": "predictions.csv",
    "metrics": None,
    "label": "digit",
    "prediction": "prediction",
    "score": None,
    "positive": None,
    "slices": [],
    "resamples": 1000,
    "seed": 0,
}
steps = {
    "train": {
        "run": "python train.py",
        "needs": [],
        "produces": ["model"],
        "timeout_seconds": 600,
        "retries": 1,
        "memory_bytes": None,
    },
    "evaluate": {
        "run": "python evaluate.py",
        "needs": ["train"],
        "produces": ["predictions.csv"],
        "timeout_seconds": 3600,
        "retries": 0,
        "memory_bytes": None,
    },
}


def step(name, needs):
    return fingerprint(
        "slipway-step-v1",
        {
            "run": steps[name]["run"],
            "produces": steps[name]["produces"],
            "parameters": parameters,
            "code": code,
            "requirements": requirements,
            "dataset_digests": digests,
            "dataset_files": files,
            "needs": needs,
        },
    )


train = step("train", {})
column = {
    "type": "integer",
    "required": False,
    "unique": False,
    "min": None,
    "max": None,
    "values": None,
    "pattern": None,
}
answer = {
    "candidate": fingerprint(
        "slipway-candidate-v1",
        {
            "parameters": parameters,
            "steps": steps,
            "datasets": {"train": "digits-train", "test": "digits-test"},
            "python": "requirements.txt",
            "evaluation": evaluation,
            "code": code,
            "dataset_digests": digests,
            "dataset_files": files,
            "requirements": requirements,
        },
    ),
    "train": train,
    "evaluate": step("evaluate", {"train": train}),
    "comparison": fingerprint(
        "slipway-evaluate-v1",
        {
            "run": "python evaluate.py",
            "produces": ["predictions.csv"],
            "evaluation": evaluation,
            "code": code,
            "requirements": requirements,
            "dataset_digests": {"test": digests["test"]},
            "dataset_files": {"test": files["test"]},
        },
    ),
    "dataset": digests["train"],
    "validation": fingerprint(
        "slipway-validation-v2",
        {
            "name": "digits-train",
            "manifest": "datasets/digits-train.yaml",
            "format": "csv",
            "files": [["data/digits-train.csv", "5f" * 32, 1437]],
            "found": files["train"],
            "columns": [
                column | {"name": "p00", "min": 0.0, "max": 16.0},
                column | {"name": "digit", "required": True, "values": ["0", "1", "2"]},
            ],
            "checks": {
                "row_count_min": 1000,
                "row_count_max": None,
                "missing_share_max": None,
                "missing_values": [],
            },
        },
    ),
}
print(json.dumps(answer))
