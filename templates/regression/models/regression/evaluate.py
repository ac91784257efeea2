"""Predicts the held-out rows and writes `$SLIPWAY_OUTPUT/predictions.csv`.

One row per row of the test file, in its order: the truth `y` and the answer `prediction`, each with
as many digits as it takes to read back the same number. Slipway computes every metric from this
file.
"""

import csv
import json
import os
from pathlib import Path

import joblib

import dataset


def main():
    regression = joblib.load(Path(os.environ["SLIPWAY_INPUT_TRAIN"], "model", "model.joblib"))
    inputs, targets = dataset.read(os.environ["SLIPWAY_DATASET_TEST"])
    answers = regression.predict(inputs)

    path = Path(os.environ["SLIPWAY_OUTPUT"], "predictions.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["y", "prediction"])
        writer.writerows(zip(targets.tolist(), answers.tolist()))

    rmse = float(((answers - targets) ** 2).mean() ** 0.5)
    line = json.dumps({"step": 0, "name": "test_rmse", "value": rmse})
    with open(os.environ["SLIPWAY_METRICS"], "a", encoding="utf-8") as file:
        file.write(line + "\n")
    print(f"{len(targets)} rows, RMSE {rmse:.4f}", flush=True)


if __name__ == "__main__":
    main()
