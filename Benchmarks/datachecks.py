"""Everything that is checked of data by default, in one pass, beside DuckDB's SUMMARIZE alone."""
import hashlib
import os
import pathlib
import random
import shutil
import time

import checks
import datafile
import declarations
import peers
from figures import Row, median
from world import Unmeasured

#: All of them read the same profile, rows and hashes.
ALL = """\
label: label
checks:
  missing_share: {max: 0.5}
  missing_values: ["NA"]
  row_count: {min: 1}
  missing_ratio:
  mixed_missing:
  constant:
  almost_constant:
  outliers_tukey:
  class_balance:
  class_min_count:
  label_leakage:
  duplicate_rows: {max: 0.05}
"""
SHARED = 500


def measure(world, count, turns, build_folder, is_quick):
    for name in ("data", "datasets"):
        (world.clone / name).mkdir(parents=True, exist_ok=True)
    (world.clone / "slipway.yaml").write_text("branch: main\n")
    world.environment["XDG_CACHE_HOME"] = str(world.folder / "cache")
    python = peers.duckdb(build_folder)
    rows = everything(world, count, turns, python)
    rows += other_formats(world, 100_000 if is_quick else 1_500_000, turns, python)
    rows += small_file(world, 3 if is_quick else 15, python)
    rows += many_manifests(world, 100 if is_quick else 1_000, 3 if is_quick else 9)
    if not is_quick:
        rows += ten_times(world, count)
    return rows + drift(world, 20_000 if is_quick else 200_000, 3 if is_quick else 9)


def interleaved(world, turns, commands):
    """The runs of each command, by its name; those without a command are left out."""
    runs = {name: [] for name, command in commands.items() if command}
    for _ in range(turns):
        for name in runs:
            runs[name].append(checks.run(commands[name], world))
    return lambda name, what: (
        median([one[what] for one in runs[name]]) if name in runs else None), runs


def peer(python, what, path):
    return [python, __file__, what, path] if python else None


def declare(world, path, name, extra=""):
    """A manifest with all checks for a file that `datafile` wrote the manifest of."""
    text = pathlib.Path(f"{path}.yaml").read_text()
    (world.clone / "datasets" / f"{name}.yaml").write_text(
        text[:text.index("checks:")] + ALL + extra)


def everything(world, count, turns, python):
    train, test = world.clone / "data" / "train.csv", world.clone / "data" / "test.csv"
    planted = datafile.generate(train, count, 1, 1)["planted"]
    datafile.generate(test, count // 10, 2, 1)
    with train.open("rb") as source, test.open("ab") as target:
        source.readline()
        target.writelines(whole_rows(source, SHARED))
    declare(world, train, "train")
    declare(world, test, "test", "  split_overlap: {with: train}\n")
    settle(world.clone / "datasets" / "test.yaml", test)
    figure, runs = interleaved(world, turns, {
        "slipway": [world.binary, "check", "--fresh", "."],
        "summarize": peer(python, "summarize", train)})
    text = runs["slipway"][-1]["output"]
    # Without what was planted, found to the last one, the time would say nothing.
    assert f"{SHARED} of {count // 10 + SHARED} rows also occur" in text, text[-2000:]
    for rule, number in planted.items():
        kind, _, column = rule.partition(" ")
        assert number == 0 or kind == "unique" or found(text, kind, column) == number, (
            rule, number, text[:4000])
    size = os.path.getsize(train) / 1e6
    what = (f"{count:,} rows × 12 columns, {size:,.0f} MB, and a test set of a tenth: digest, types, "
            "rules, profile, duplicates, overlap")
    half = figure("summarize", "cpu")
    return [
        Row(f"{what}: processor", figure("slipway", "cpu"), "s", budget=half and half / 2,
            peer="DuckDB SUMMARIZE of the first alone", peer_figure=half),
        Row(f"{what}: on the clock", figure("slipway", "wall"), "s", budget=7 * count / 1e7,
            peer="DuckDB SUMMARIZE of the first alone", peer_figure=figure("summarize", "wall")),
        Row(f"{what}: peak memory", figure("slipway", "peak"), "MiB", budget=256,
            peer="DuckDB SUMMARIZE of the first alone", peer_figure=figure("summarize", "peak")),
    ]


def found(text, rule, column):
    """How often a rule of a column is broken in the first dataset's lines of the table."""
    counts = [int(words[3]) for words in map(str.split, text.splitlines())
              if words[:3] == ["fail", rule, column] and "data/train.csv" in " ".join(words)]
    return counts[0] if counts else 0


def whole_rows(source, count):
    """So many records from where the file stands; a quoted cell may hold a line feed."""
    lines, done, quotes = [], 0, 0
    while done < count:
        line = source.readline()
        lines.append(line)
        quotes += line.count(b'"')
        done += quotes % 2 == 0
    return lines


def settle(manifest, path):
    """Puts the digest of what the file is now into its manifest."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    head, _, tail = manifest.read_text().partition("sha256: ")
    manifest.write_text(f"{head}sha256: {digest}}}{tail[tail.index(chr(10)):]}")


def other_formats(world, count, turns, python):
    """The same rows as Parquet and as JSON lines, written by DuckDB."""
    if python is None:
        return [Row("Parquet and JSON lines", note="DuckDB, which writes the files, is not there")]
    rows = []
    for name in ("train", "test"):
        (world.clone / "datasets" / f"{name}.yaml").unlink()
    source = world.folder / "formats.csv"
    datafile.generate(source, count, 3, 0)
    for kind, budget in (("parquet", 1), ("jsonl", 0.5)):
        path = world.clone / "data" / f"rows.{kind}"
        checks.run(peer(python, f"write-{kind}", source) + [path], world)
        manifest = world.clone / "datasets" / "rows.yaml"
        text = pathlib.Path(f"{source}.yaml").read_text()
        head = "files:\n  - {path: data/" + path.name + ", sha256: }\nformat: " + kind + "\n"
        manifest.write_text(head + text[text.index("columns:"):text.index("checks:")] + ALL)
        settle(manifest, path)
        figure, runs = interleaved(world, turns, {
            "slipway": [world.binary, "check", "--fresh", "."],
            "peer": peer(python, f"summarize-{kind}", path)})
        assert f"{count} rows" in runs["slipway"][-1]["output"], runs["slipway"][-1]["output"]
        what = f"{kind}, {count:,} rows, {os.path.getsize(path) / 1e6:,.0f} MB, profile and duplicates"
        rows.append(Row(
            f"{what}: processor", figure("slipway", "cpu"), "s",
            budget=figure("peer", "cpu") * budget, peer="DuckDB SUMMARIZE",
            peer_figure=figure("peer", "cpu")))
        path.unlink()
        manifest.unlink()
    return rows


def small_file(world, turns, python):
    path = world.clone / "data" / "small.csv"
    datafile.generate(path, 10_300, 4, 0)
    declare(world, path, "small")
    figure, _ = interleaved(world, turns, {
        "slipway": [world.binary, "check", "--fresh", "."],
        "peer": peer(python, "summarize", path)})
    (world.clone / "datasets" / "small.yaml").unlink()
    path.unlink()
    return [Row(
        f"{10_300:,} rows, 1 MB, all of it from the process's start", figure("slipway", "wall") * 1e3,
        budget=30, peer="DuckDB SUMMARIZE",
        peer_figure=(figure("peer", "wall") or 0) * 1e3 or None)]


def many_manifests(world, count, turns):
    """Nothing has changed since the last check."""
    chance = random.Random(5)
    for number in range(count):
        text = "id,a,b\n" + "".join(
            f"{row},{chance.random():.4f},x{row % 7}\n" for row in range(1_000))
        digest = hashlib.sha256(text.encode()).hexdigest()
        world.write({
            f"data/d{number}.csv": text,
            f"datasets/d{number}.yaml": (
                f"files:\n  - {{path: data/d{number}.csv, sha256: {digest}, rows: 1000}}\n"
                "format: csv\ncolumns:\n  - {name: id, type: integer, unique: true}\n"
                "  - {name: a, type: number, min: 0, max: 1}\n  - {name: b, type: string}\n"
                "checks: {missing_ratio: {max: 0}, constant: , duplicate_rows: {max: 0}}\n")})
    world.commit("many manifests")
    # Because what has just been written is not remembered.
    time.sleep(0.5)
    command = [world.binary, "check", "."]
    first = checks.run(command, world)
    took = [checks.run(command, world)["wall"] * 1e3 for _ in range(turns)]
    for name in ("data", "datasets"):
        shutil.rmtree(world.clone / name)
        (world.clone / name).mkdir()
    return [Row(
        f"{count:,} manifests, nothing changed", median(took), budget=100,
        peer="the first check", peer_figure=first["wall"] * 1e3)]


def ten_times(world, count):
    """The same rows ten times over, for the memory alone."""
    path = world.clone / "data" / "train.csv"
    datafile.generate(path, count, 1, 1)
    manifest = world.clone / "datasets" / "train.yaml"
    declare(world, path, "train")
    with path.open("rb") as source:
        source.readline()
        start, end = source.tell(), os.path.getsize(path)
        with path.open("ab") as target:
            for _ in range(9):
                source.seek(start)
                left = end - start
                while left:
                    block = source.read(min(left, 1 << 24))
                    target.write(block)
                    left -= len(block)
    settle(manifest, path)
    found = checks.run([world.binary, "check", "--fresh", "."], world)
    size = os.path.getsize(path) / 1e9
    path.unlink()
    manifest.unlink()
    return [Row(
        f"{count * 10:,} rows, {size:.1f} GB, everything: peak memory", found["peak"], "MiB",
        budget=256, note=f"{found['wall']:.0f} s, {found['cpu']:.0f} s of processor")]


def drift(world, count, turns):
    """A candidate on data that is known is judged against the version that is live."""
    chance = random.Random(6)
    columns = [f"c{number}" for number in range(7)]
    text = ",".join(columns) + "\n" + "".join(
        ",".join(f"{chance.gauss(0, 1):.5f}" for _ in columns) + "\n" for _ in range(count))
    digest = hashlib.sha256(text.encode()).hexdigest()

    def files(number, limit):
        declared = "".join(f"  - {{name: {name}, type: number}}\n" for name in columns)
        manifest = (
            f"files:\n  - {{path: data/numbers.csv, sha256: {digest}, rows: {count}}}\n"
            f"format: csv\ncolumns:\n{declared}"
            f"checks: {{psi: {{warn: {limit}}}, ks: {{warn: {limit}}}, wasserstein: }}\n")
        found = declarations.served(number, files={"datasets/numbers.yaml": manifest})
        key = "models/served/model.yaml"
        found[key] = found[key].replace("steps:", "datasets: {train: numbers}\nsteps:")
        return found

    world.write(declarations.repository() | files(1, 0.1) | {"data/numbers.csv": text})
    world.start_daemon()
    world.start_serve()
    world.commit("first")
    world.push()
    world.until_phase("served", "waiting-for-review")
    world.approve("served")
    plain, judged = [], []
    for turn in range(turns + 1):
        for took, limit in ((plain, None), (judged, 0.2 + turn / 100)):
            number = 10 + 2 * turn + (limit is not None)
            world.write(files(number, limit or 0.2 + (turn - 1) / 100))
            world.commit(f"number {number}")
            began, _ = world.push()
            world.until_phase("served", "waiting-for-review", pause=0.001)
            took.append((time.time() - began) * 1000)
    # The first of each is the first of its kind.
    extra = median([b - a for a, b in zip(plain[1:], judged[1:])])
    return [
        Row(f"drift of 7 columns against the live version's profile of {count:,} rows: what it adds",
            max(extra, 0), budget=100, note=f"{turns} candidates"),
        Row("the same: git push starts → waiting for review", median(judged[1:])),
    ]


def main(what, path, target=None):
    """What DuckDB does with the file."""
    import duckdb
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    csv = (f"read_csv('{path}', header=true, nullstr=['', 'NA'], ignore_errors=true, "
           f"columns={checks.TYPES})")
    query = {
        "summarize": f"SUMMARIZE SELECT * FROM {csv}",
        "summarize-parquet": f"SUMMARIZE SELECT * FROM read_parquet('{path}')",
        "summarize-jsonl":
            f"SUMMARIZE SELECT * FROM read_json('{path}', format='newline_delimited')",
        "write-parquet": f"COPY (SELECT * FROM {csv}) TO '{target}' (FORMAT parquet)",
        "write-jsonl": f"COPY (SELECT * FROM {csv}) TO '{target}' (FORMAT json)",
    }[what]
    print(connection.execute(query).fetchall())


if __name__ == "__main__":
    import sys
    main(*sys.argv[1:])
