"""Reads cases as JSON on standard input and prints scikit-learn's metrics of each as JSON.

Run by EvaluationTests with the interpreter that SLIPWAY_TEST_PYTHON names. An undefined metric
(not a number) is printed as null.
"""

import json
import math
import sys
import warnings

from sklearn import metrics

warnings.simplefilter("ignore")


def number(value):
    value = float(value)
    return None if math.isnan(value) else value


def classification(case):
    truth, prediction = case["label"], case["prediction"]
    labels = sorted(set(truth) | set(prediction))
    found = {
        "accuracy": number(metrics.accuracy_score(truth, prediction)),
        "balanced_accuracy": number(metrics.balanced_accuracy_score(truth, prediction)),
    }
    for average in ("micro", "macro", "weighted"):
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(
            truth, prediction, labels=labels, average=average, zero_division=0
        )
        found["precision_" + average] = number(precision)
        found["recall_" + average] = number(recall)
        found["f1_" + average] = number(f1)
    if case.get("score"):
        positive = labels[-1]
        rows = [[1 - score, score] for score in case["score"]]
        found["log_loss"] = number(metrics.log_loss(truth, rows, labels=labels))
        found["roc_auc"] = number(
            metrics.roc_auc_score([one == positive for one in truth], case["score"])
        )
    if case.get("scores"):
        found["log_loss"] = number(metrics.log_loss(truth, case["scores"], labels=labels))
        found["roc_auc"] = number(
            metrics.roc_auc_score(truth, case["scores"], multi_class="ovr", labels=labels)
        )
    classes = metrics.precision_recall_fscore_support(
        truth, prediction, labels=labels, average=None, zero_division=0
    )
    return {
        "metrics": found,
        "classes": [[float(value) for value in row] for row in zip(*classes)],
        "confusion": metrics.confusion_matrix(truth, prediction, labels=labels).tolist(),
    }


def regression(case):
    truth, prediction = case["truth"], case["estimate"]
    return {
        "metrics": {
            "mse": number(metrics.mean_squared_error(truth, prediction)),
            "rmse": number(metrics.root_mean_squared_error(truth, prediction)),
            "mae": number(metrics.mean_absolute_error(truth, prediction)),
            "r2": number(metrics.r2_score(truth, prediction)),
            "mape": number(metrics.mean_absolute_percentage_error(truth, prediction)),
        },
        "classes": [],
        "confusion": [],
    }


def answer(case):
    return classification(case) if case["task"] == "classification" else regression(case)


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
