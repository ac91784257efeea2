"""Makes the 1,000 rows of `data/`: y = 3·x1 + 5·x2 + 1, with normal noise of deviation 0.1.

    python3 scripts/make_rows.py            writes both files, prints what the manifests must say
    python3 scripts/make_rows.py --check    exits 1 when the files differ from freshly made ones

It needs Python alone. The files are committed, so nobody has to run it; it is here so that anybody
can see where they come from.
"""

import argparse
import hashlib
import random
import sys
from pathlib import Path

SEED = 0
ROWS_TRAIN = 800
ROWS_TEST = 200
ROOT = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description="make the rows of data/")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    check = parser.parse_args().check

    generator = random.Random(SEED)
    same = True
    for name, count in [("regression-train.csv", ROWS_TRAIN), ("regression-test.csv", ROWS_TEST)]:
        lines = ["x1,x2,y"] + [row(generator) for _ in range(count)]
        content = ("\n".join(lines) + "\n").encode("ascii")
        path = ROOT / "data" / name
        if check:
            same = same and path.read_bytes() == content
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        print(f"{{path: data/{name}, sha256: {digest}, rows: {count}}}")
    if not same:
        sys.exit("error: data/ differs from freshly made rows")


def row(generator):
    """One line; the target is computed from the rounded inputs that the line shows."""
    x1 = round(generator.uniform(0, 10), 4)
    x2 = round(generator.uniform(0, 10), 4)
    y = 3 * x1 + 5 * x2 + 1 + generator.gauss(0, 0.1)
    return f"{x1:.4f},{x2:.4f},{y:.6f}"


if __name__ == "__main__":
    main()
