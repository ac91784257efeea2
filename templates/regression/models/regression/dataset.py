"""Reads the rows: the two inputs `x1` and `x2`, and the target `y`."""

import csv

import numpy

INPUTS = ["x1", "x2"]


def read(path):
    """Returns inputs (rows × 2) and targets (rows), in the order of the file."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    inputs = numpy.array([[float(row[name]) for name in INPUTS] for row in rows])
    targets = numpy.array([float(row["y"]) for row in rows])
    return inputs, targets
