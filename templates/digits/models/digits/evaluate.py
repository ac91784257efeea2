"""Predicts the held-out digits and writes `$SLIPWAY_OUTPUT/predictions.csv`.

One row per row of the test file, in its order: the truth `digit` and the answer `prediction`.
Slipway computes every metric from this file.
"""

import csv
import json
import os
from pathlib import Path

import joblib

import dataset


def main():
    classifier = joblib.load(Path(os.environ["SLIPWAY_INPUT_TRAIN"], "model", "model.joblib"))
    pixels, labels = dataset.read(os.environ["SLIPWAY_DATASET_TEST"])
    answers = classifier.predict(pixels)

    path = Path(os.environ["SLIPWAY_OUTPUT"], "predictions.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["digit", "prediction"])
        writer.writerows(zip(labels.tolist(), answers.tolist()))

    accuracy = float((answers == labels).mean())
    line = json.dumps({"step": 0, "name": "test_accuracy", "value": accuracy})
    with open(os.environ["SLIPWAY_METRICS"], "a", encoding="utf-8") as file:
        file.write(line + "\n")
    print(f"{len(labels)} rows, accuracy {accuracy:.4f}", flush=True)


if __name__ == "__main__":
    main()
