"""Labels that are wrong, found by the other columns, beside cleanlab with a logistic regression; and
columns counted against the label."""
import hashlib
import json
import os
import random

import checks
import peers
from figures import Row, median

CLASSES = ("ant", "bee", "cat")
COLOURS = ("red", "green", "blue", "grey")
NUMBERS = 10
#: Each so many rows one is given the label of another class.
SPOILT_EACH = 20


def measure(world, count, turns, build_folder):
    python = peers.cleanlab(build_folder)
    path, manifest = world.clone / "data" / "labels.csv", world.clone / "datasets" / "labels.yaml"
    spoilt = generate(path, count)
    numbers = "".join(f"  - {{name: n{number}, type: number}}\n" for number in range(NUMBERS))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    declared = (
        f"files:\n  - {{path: data/labels.csv, sha256: {digest}}}\nformat: csv\ncolumns:\n{numbers}"
        "  - {name: colour, type: string}\n  - {name: label, type: string}\nlabel: label\n")
    runs = {"slipway": [], "peer": [], "counted": []}
    for _ in range(turns):
        manifest.write_text(declared + "checks: {label_leakage: , missing_pattern: }\n")
        runs["counted"].append(checks.run([world.binary, "check", "--fresh", "."], world))
    manifest.write_text(declared + "checks: {label_noise: }\n")
    for _ in range(turns):
        runs["slipway"].append(
            checks.run([world.binary, "check", "--fresh", "--json", "."], world))
        if python:
            runs["peer"].append(checks.run([python, __file__, path], world))
    size = os.path.getsize(path) / 1e6
    path.unlink()
    manifest.unlink()
    ours = strongest(runs["slipway"][-1]["output"])
    note = f"{right(ours, spoilt)} of our 100 strongest are spoilt"
    # Else the time would say nothing.
    assert right(ours, spoilt) > 50, note
    if python:
        theirs = json.loads(runs["peer"][-1]["output"].strip().splitlines()[-1])
        note += f", {right(theirs, spoilt)} of the peer's"

    def figure(name, what):
        return median([one[what] for one in runs[name]]) if runs[name] else None

    what = f"doubtful labels of {count:,} rows × {NUMBERS + 2} columns, {size:,.0f} MB"
    peer = "cleanlab, logistic regression by 5 folds"
    rows = f"{count:,} rows × {NUMBERS + 2} columns counted against the label"
    return [
        Row(f"{rows}: processor", figure("counted", "cpu"), "s"),
        Row(f"{rows}: peak memory", figure("counted", "peak"), "MiB", budget=256),
        Row(f"{what}: processor", figure("slipway", "cpu"), "s", peer=peer,
            peer_figure=figure("peer", "cpu"), note=note),
        Row(f"{what}: peak memory", figure("slipway", "peak"), "MiB", budget=256, peer=peer,
            peer_figure=figure("peer", "peak")),
    ]


def generate(path, count):
    """Writes the rows; the lines of those that are spoilt."""
    chance = random.Random(8)
    spoilt = set()
    with path.open("w") as file:
        file.write(",".join([*(f"n{number}" for number in range(NUMBERS)), "colour", "label"]) + "\n")
        for line in range(2, count + 2):
            kind = chance.randrange(3)
            # Half of the numbers tell the class, the other half nothing.
            cells = [f"{chance.gauss(kind if number % 2 else 0, 1):.4f}" for number in range(NUMBERS)]
            cells.append(COLOURS[kind if chance.random() < 0.5 else chance.randrange(4)])
            if chance.randrange(SPOILT_EACH) == 0:
                spoilt.add(line)
                kind = (kind + chance.randrange(1, 3)) % 3
            file.write(",".join([*cells, CLASSES[kind]]) + "\n")
    return spoilt


def strongest(output):
    """The lines that the report names, the strongest first."""
    report = json.loads(output[output.index("{"):])
    (outcome,) = [one for dataset in report["data"] for one in dataset["outcomes"]]
    return [place["place"]["line"] for place in outcome["places"]]


def right(lines, spoilt):
    return sum(line in spoilt for line in lines[:100])


def main(path):
    """What the peer does with the file: the lines that it doubts, the strongest first."""
    import pandas
    from cleanlab.filter import find_label_issues
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    frame = pandas.read_csv(path)
    labels = frame.pop("label").astype("category").cat.codes.to_numpy()
    features = pandas.get_dummies(frame, columns=["colour"], dtype=float)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    shares = cross_val_predict(model, features, labels, cv=5, method="predict_proba")
    found = find_label_issues(
        labels, shares, filter_by="confident_learning", n_jobs=1,
        return_indices_ranked_by="normalized_margin")
    print(json.dumps([int(row) + 2 for row in found]))


if __name__ == "__main__":
    import sys
    main(*sys.argv[1:])
