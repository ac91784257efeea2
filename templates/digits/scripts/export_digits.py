"""Exports scikit-learn's 1,797 handwritten digits to `data/`, split 80/20 by a fixed seed.

    python scripts/export_digits.py            writes both files, prints what the manifests must say
    python scripts/export_digits.py --check    exits 1 when the files differ from a fresh export

It needs what `models/digits/requirements.txt` names. The files are committed, so nobody has to run
it; it is here so that anybody can see where they come from.
"""

import argparse
import hashlib
import io
import sys
from pathlib import Path

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 0
ROOT = Path(__file__).resolve().parent.parent
HEADER = ",".join([f"p{number:02d}" for number in range(64)] + ["digit"])


def main():
    parser = argparse.ArgumentParser(description="export the digits to data/")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    check = parser.parse_args().check

    pixels, labels = load_digits(return_X_y=True)
    train_pixels, test_pixels, train_labels, test_labels = train_test_split(
        pixels.astype(int), labels, test_size=0.2, random_state=SEED, stratify=labels
    )
    same = True
    for name, pixels, labels in [
        ("digits-train.csv", train_pixels, train_labels),
        ("digits-test.csv", test_pixels, test_labels),
    ]:
        content = encode(pixels, labels)
        path = ROOT / "data" / name
        if check:
            same = same and path.read_bytes() == content
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        print(f"{{path: data/{name}, sha256: {digest}, rows: {len(labels)}}}")
    if not same:
        sys.exit("error: data/ differs from a fresh export")


def encode(pixels, labels):
    """CSV with a header, integers only, one line feed after every row."""
    text = io.StringIO()
    text.write(HEADER + "\n")
    for row, label in zip(pixels.tolist(), labels.tolist()):
        text.write(",".join(map(str, row + [label])) + "\n")
    return text.getvalue().encode("ascii")


if __name__ == "__main__":
    main()
