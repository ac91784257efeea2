"""Reads the digits: 64 pixel columns `p00` to `p63`, 0 to 16 each, and the label `digit`."""

import csv

import numpy

PIXELS = [f"p{number:02d}" for number in range(64)]


def read(path):
    """Returns pixels (rows × 64) and labels (rows), both integers, in the order of the file."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pixels = numpy.array([[int(row[name]) for name in PIXELS] for row in rows])
    labels = numpy.array([int(row["digit"]) for row in rows])
    return pixels, labels
