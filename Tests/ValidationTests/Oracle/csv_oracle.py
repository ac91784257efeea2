"""Reads and writes tables with Python's csv module.

Input: {"cases": [{"bytes": base64, "delimiter": ",", "quote": "\""}]}; output: a list of null where
the bytes are not UTF-8, or {"strict": rows or null, "rows": rows}. Or input: {"seed": 1, "count":
100}; output: a list of files that Python wrote, with their rows.
"""

import base64
import csv
import gzip
import io
import json
import random
import sys

csv.field_size_limit(1 << 30)


def read(text, case, strict):
    try:
        lines = io.StringIO(text, newline="")
        return list(
            csv.reader(
                lines, strict=strict, delimiter=case["delimiter"], quotechar=case["quote"]))
    except csv.Error:
        return None


def answer(case):
    try:
        text = base64.b64decode(case["bytes"]).decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return {"strict": read(text, case, True), "rows": read(text, case, False)}


ASCII = list("abcXYZ019 .-_") + [" ", "'", '"', ",", ";", "\t", "|", "\n", "\r\n", "\r", "\\", "#"]
ENCODINGS = {
    "utf-8": ASCII + ["ä", "ß", "€", "日本", "😀", "\u2028", "\x85", "\x7f", "\ufeff", "e\u0301"],
    "utf-16": ASCII + ["ä", "€", "日本", "😀", "\ufeff", "\ufffe"],
    "iso-8859-1": ASCII + ["ä", "ß", "\xa0", "\x85", "ÿ"],
    "windows-1252": ASCII + ["ä", "€", "“", "ÿ"],
}


def cell(rng, letters):
    kind = rng.randrange(8)
    if kind == 0:
        return ""
    if kind == 1:
        return str(rng.randrange(-10**6, 10**6))
    if kind == 2:
        return repr(rng.uniform(-1e6, 1e6))
    if kind == 3 and rng.randrange(40) == 0:
        return "".join(rng.choice(letters) for _ in range(rng.randrange(5000)))
    return "".join(rng.choice(letters) for _ in range(rng.randrange(1, 9)))


def written(rng):
    encoding = rng.choice(list(ENCODINGS))
    delimiter, quote = rng.choice([",", ",", ",", ";", "\t", "|", " "]), rng.choice(['"', '"', "'"])
    width, letters = rng.randrange(1, 7), ENCODINGS[encoding]
    rows = [[f"c{place}" for place in range(width)]]
    rows += [[cell(rng, letters) for _ in range(width)] for _ in range(rng.randrange(1, 30))]
    text, end = io.StringIO(newline=""), rng.choice(["\n", "\r\n"])
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
    # Because until 3.13 a carriage return is only quoted where it is in the end of lines.
    if end == "\n" and any("\r" in each for row in rows for each in row):
        quoting = csv.QUOTE_ALL
    csv.writer(
        text, delimiter=delimiter, quotechar=quote, quoting=quoting,
        lineterminator=end).writerows(rows)
    text = text.getvalue()
    if rng.randrange(3) == 0:
        text = text.rstrip("\r\n") if not rows[-1][-1].endswith(("\r", "\n")) else text
    data = text.encode(encoding)
    if encoding == "utf-8" and rng.randrange(4) == 0:
        data = b"\xef\xbb\xbf" + data
    packed = rng.randrange(4) == 0
    if packed:
        cut = rng.randrange(len(data) + 1)
        data = gzip.compress(data[:cut]) + gzip.compress(data[cut:])
    return {
        "bytes": base64.b64encode(data).decode(), "delimiter": delimiter, "quote": quote,
        "encoding": encoding, "isPacked": packed, "rows": rows}


given = json.load(sys.stdin)
if "seed" in given:
    rng = random.Random(given["seed"])
    found = [written(rng) for _ in range(given["count"])]
else:
    found = [answer(case) for case in given["cases"]]
json.dump(found, sys.stdout)
