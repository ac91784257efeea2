#!/usr/bin/env python3
"""datafile.py FILE.csv [--rows N] [--seed N] [--often N]

Writes a dataset of twelve columns of mixed types with missing cells, quoted text and planted
faults, and its manifest, and prints as JSON how many of each fault it planted. The same seed
gives the same bytes. It streams: rows are written in blocks, each with a generator of its own.
"""
import argparse
import datetime
import hashlib
import json
import os
import pathlib
import random

BLOCK = 20_000
COUNTRIES = ["DE", "FR", "GB", "US", "IT", "ES", "PL", "NL", "SE", "NO", "DK", "FI", "AT", "CH"]
COUNTRIES += ["BE", "PT", "CZ", "GR", "HU", "IE"]
HEADER = ("id,event_date,event_time,age,income,score,clicks,country,comment,flag,label,group")
WORDS = ("the order arrived late but fine and nobody asked why it had been so cheap in a box "
         "größer naïve with blue paper of good quality for my sister").split()
FAULTS = {
    # name: (one in so many rows, column, what the cell becomes, the rule that it breaks)
    "age_range": (100_003, 3, "212", "range age"),
    "age_type": (250_007, 3, "12.7", "type age"),
    "income_type": (200_003, 4, "1e", "type income"),
    "income_range": (150_001, 4, "-5.25", "range income"),
    "country_value": (90_001, 7, "XX", "values country"),
    "date_type": (170_003, 1, "2024-02-30", "type event_date"),
    "time_type": (180_001, 2, "2024-02-28T25:00:00Z", "type event_time"),
    "flag_type": (160_001, 9, "yes", "type flag"),
    "label_missing": (110_017, 10, "", "required label"),
    "group_pattern": (130_003, 11, "G1234x", "pattern group"),
    "id_unique": (140_009, 0, "1", "unique id"),
    "score_range": (120_011, 5, "1.5", "range score"),
}


def texts(chance):
    """Comments: most are plain, some are quoted for commas, line ends or quotes."""
    found = []
    for number in range(4_000):
        text = " ".join(chance.choices(WORDS, k=chance.randint(2, 7)))
        kind = number % 20
        if kind == 0:
            text = text.replace(" ", "\n", 1)
        elif kind == 1:
            text = f'{text} "{WORDS[number % len(WORDS)]}"'
        elif kind < 7:
            text = text.replace(" ", ", ", 1)
        if any(mark in text for mark in ',"\n'):
            text = '"' + text.replace('"', '""') + '"'
        found.append(text)
    return found


def block(seed, first, count, comments, dates, often):
    """The rows from `first`, and which faults they have."""
    chance = random.Random(f"{seed} {first}")
    rand = chance.random
    planted = []
    rows = []
    for number in range(first, first + count):
        day = dates[int(rand() * len(dates))]
        second = int(rand() * 86_400)
        score = rand()
        age = "" if rand() < 0.03 else str(18 + int(rand() * 79))
        income = "NA" if rand() < 0.07 else f"{chance.lognormvariate(10.5, 0.6):.2f}"
        rows.append([
            str(number + 1), day,
            f"{day}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z",
            age, income, f"{score:.6f}", str(int(rand() * rand() * 18)),
            COUNTRIES[int(rand() * rand() * 20)],
            "" if rand() < 0.2 else comments[int(rand() * len(comments))],
            "true" if rand() < 0.3 else "false", "1" if rand() < score else "0",
            f"G{int(rand() * 10_000):04}"])
    taken = set()
    for name, (every, column, cell, _) in (FAULTS if often else {}).items():
        every = every // often | 1
        start = -(first + 1 + every // 3) % every
        for offset in range(start, count, every):
            if (offset, column) not in taken:
                taken.add((offset, column))
                rows[offset][column] = cell
                planted.append(name)
    return rows, planted


def generate(path, count, seed, often):
    comments = texts(random.Random(seed))
    day = datetime.date(2022, 1, 1)
    dates = [(day + datetime.timedelta(days=n)).isoformat() for n in range(900)]
    planted = {name: 0 for name in FAULTS}
    digest = hashlib.sha256()
    with open(path, "wb", buffering=1 << 20) as file:
        def put(text):
            data = text.encode()
            digest.update(data)
            file.write(data)
        put(HEADER + "\n")
        for first in range(0, count, BLOCK):
            rows, found = block(seed, first, min(BLOCK, count - first), comments, dates, often)
            for name in found:
                planted[name] += 1
            put("".join([",".join(row) + "\n" for row in rows]))
    write_manifest(path, digest.hexdigest(), count)
    return {
        "rows": count, "bytes": os.path.getsize(path), "sha256": digest.hexdigest(),
        "planted": {rule: planted[name] for name, (*_, rule) in FAULTS.items()}}


def write_manifest(path, sha256, count):
    """Twelve rules beside the types; `unique` only where the bound of its memory allows it."""
    unique = ", unique: true" if count <= 2_900_000 else ""
    values = ", ".join(f'"{one}"' for one in COUNTRIES)
    pathlib.Path(str(path) + ".yaml").write_text(f"""\
files:
  - {{path: data/{path.name}, sha256: {sha256}, rows: {count}}}
format: csv
columns:
  - {{name: id, type: integer, required: true, min: 1{unique}}}
  - {{name: event_date, type: date, required: true}}
  - {{name: event_time, type: datetime}}
  - {{name: age, type: integer, min: 0, max: 120}}
  - {{name: income, type: number, min: 0}}
  - {{name: score, type: number, required: true, min: 0, max: 1}}
  - {{name: clicks, type: integer, min: 0, max: 1000}}
  - {{name: country, type: string, values: [{values}]}}
  - {{name: comment, type: string}}
  - {{name: flag, type: boolean}}
  - {{name: label, type: integer, required: true, min: 0, max: 1}}
  - {{name: group, type: string, pattern: "G[0-9]{{4}}"}}
checks: {{missing_share: {{max: 0.5}}, missing_values: ["NA"], row_count: {{min: 1}}}}
""")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--often", type=int, default=1, help="so many times as many faults; 0: none")
    chosen = parser.parse_args()
    path = chosen.file.absolute()
    print(json.dumps(generate(path, chosen.rows, chosen.seed, chosen.often), indent=1))


if __name__ == "__main__":
    main()
