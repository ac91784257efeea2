"""Fits a linear model and writes it to `$SLIPWAY_OUTPUT/model/model.joblib`.

Cross-validation comes first. It chooses nothing; it shows, fold by fold while the step runs, how
well the model does on rows that it was not fitted to. Same inputs, same model: the folds are
shuffled by a fixed seed and least squares draws no random numbers.
"""

import json
import os
from pathlib import Path

import joblib
from sklearn.linear_model import LinearRegression
from sklearn.metrics import root_mean_squared_error
from sklearn.model_selection import RepeatedKFold

import dataset

FOLDS = 5
SEED = 0
KNOWN = {"fit_intercept", "cv_repeats"}


def main():
    parameters = json.loads(Path(os.environ["SLIPWAY_PARAMETERS"]).read_text(encoding="utf-8"))
    unknown = sorted(set(parameters) - KNOWN)
    if unknown:
        raise SystemExit(
            f"error: unknown parameter {unknown[0]!r}; train.py knows {', '.join(sorted(KNOWN))}"
        )
    inputs, targets = dataset.read(os.environ["SLIPWAY_DATASET_TRAIN"])
    print(f"{len(targets)} rows", flush=True)

    cross_validate(parameters, inputs, targets)
    regression = new_regression(parameters).fit(inputs, targets)
    metric(0, "train_rmse", root_mean_squared_error(targets, regression.predict(inputs)))

    folder = Path(os.environ["SLIPWAY_OUTPUT"], "model")
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(regression, folder / "model.joblib")
    slopes = ", ".join(f"{slope:.4f}" for slope in regression.coef_)
    print(f"slopes {slopes}; intercept {float(regression.intercept_):.4f}", flush=True)


def new_regression(parameters):
    return LinearRegression(fit_intercept=parameters.get("fit_intercept", True))


def cross_validate(parameters, inputs, targets):
    """Five folds, `cv_repeats` times over; 0 repeats skip it. One metrics line per fold."""
    repeats = parameters.get("cv_repeats", 1)
    if repeats < 1:
        return
    folds = RepeatedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=SEED)
    for number, (inside, outside) in enumerate(folds.split(inputs), start=1):
        regression = new_regression(parameters).fit(inputs[inside], targets[inside])
        error = root_mean_squared_error(targets[outside], regression.predict(inputs[outside]))
        metric(number, "cv_rmse", error)
        print(f"fold {number} of {FOLDS * repeats}: RMSE {error:.4f}", flush=True)


def metric(step, name, value):
    """Appends one line that Slipway reads while the step runs."""
    line = json.dumps({"step": step, "name": name, "value": float(value)})
    with open(os.environ["SLIPWAY_METRICS"], "a", encoding="utf-8") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    main()
