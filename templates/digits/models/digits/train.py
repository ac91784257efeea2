"""Trains a support vector classifier and writes it to `$SLIPWAY_OUTPUT/model/model.joblib`.

Cross-validation comes first. It chooses nothing; it shows, fold by fold while the step runs, how
good the parameters are on data that the test set does not share. Same inputs, same model: the
folds are shuffled by a fixed seed and the classifier itself draws no random numbers.
"""

import json
import os
from pathlib import Path

import joblib
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.svm import SVC

import dataset

FOLDS = 5
SEED = 0
KNOWN = {"C", "gamma", "cv_repeats"}


def main():
    parameters = json.loads(Path(os.environ["SLIPWAY_PARAMETERS"]).read_text(encoding="utf-8"))
    unknown = sorted(set(parameters) - KNOWN)
    if unknown:
        raise SystemExit(
            f"error: unknown parameter {unknown[0]!r}; train.py knows {', '.join(sorted(KNOWN))}"
        )
    pixels, labels = dataset.read(os.environ["SLIPWAY_DATASET_TRAIN"])
    print(f"{len(labels)} rows, C={parameters['C']}, gamma={parameters['gamma']}", flush=True)

    cross_validate(parameters, pixels, labels)
    classifier = new_classifier(parameters).fit(pixels, labels)
    metric(0, "train_accuracy", classifier.score(pixels, labels))

    folder = Path(os.environ["SLIPWAY_OUTPUT"], "model")
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(classifier, folder / "model.joblib")
    print(f"{int(classifier.n_support_.sum())} support vectors", flush=True)


def new_classifier(parameters):
    return SVC(kernel="rbf", C=parameters["C"], gamma=parameters["gamma"])


def cross_validate(parameters, pixels, labels):
    """Five folds, `cv_repeats` times over; 0 repeats skip it. One metrics line per fold."""
    repeats = parameters.get("cv_repeats", 1)
    if repeats < 1:
        return
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=SEED)
    for number, (inside, outside) in enumerate(folds.split(pixels, labels), start=1):
        classifier = new_classifier(parameters).fit(pixels[inside], labels[inside])
        accuracy = classifier.score(pixels[outside], labels[outside])
        metric(number, "cv_accuracy", accuracy)
        print(f"fold {number} of {FOLDS * repeats}: accuracy {accuracy:.4f}", flush=True)


def metric(step, name, value):
    """Appends one line that Slipway reads while the step runs."""
    line = json.dumps({"step": step, "name": name, "value": float(value)})
    with open(os.environ["SLIPWAY_METRICS"], "a", encoding="utf-8") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    main()
