"""Everything that is checked of data by default, in one pass, beside DuckDB's SUMMARIZE alone."""
import hashlib
import os
import pathlib
import random
import shutil
import time

import checks
import datafile
import datalabels
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
    frames = peers.frames(build_folder)
    rows += arrow(world, 100_000 if is_quick else 1_500_000, turns, frames)
    rows += pictures(world, 100 if is_quick else 1_000, turns, frames)
    rows += datalabels.measure(world, 20_000 if is_quick else 500_000, turns, build_folder)
    rows += shards(world, 100_000 if is_quick else 1_500_000, turns)
    rows += appended(
        world, 20 if is_quick else 100, 5_000 if is_quick else 100_000, turns, python)
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
        # Cells of a wrong type would not be profiled.
        said = runs["slipway"][-1]["output"]
        assert f"ok: 0 models, 1 dataset, {count} rows" in said, said
        what = f"{kind}, {count:,} rows, {os.path.getsize(path) / 1e6:,.0f} MB, profile and duplicates"
        rows.append(Row(
            f"{what}: processor", figure("slipway", "cpu"), "s",
            budget=figure("peer", "cpu") * budget, peer="DuckDB SUMMARIZE",
            peer_figure=figure("peer", "cpu")))
        path.unlink()
        manifest.unlink()
    return rows


def arrow(world, count, turns, python):
    """The same rows as an Arrow file, written by polars."""
    if python is None:
        return [Row("Arrow", note="polars, which writes the file, is not there")]
    source, path = world.folder / "arrow.csv", world.clone / "data" / "rows.arrow"
    manifest = world.clone / "datasets" / "rows.yaml"
    datafile.generate(source, count, 3, 0)
    checks.run(peer(python, "write-arrow", source) + [path], world)
    text = pathlib.Path(f"{source}.yaml").read_text()
    manifest.write_text(
        "files:\n  - {path: data/rows.arrow, sha256: }\nformat: arrow\n"
        + text[text.index("columns:"):text.index("checks:")] + ALL)
    settle(manifest, path)
    figure, runs = interleaved(world, turns, {
        "slipway": [world.binary, "check", "--fresh", "."],
        "peer": peer(python, "describe-arrow", path)})
    said = runs["slipway"][-1]["output"]
    assert f"ok: 0 models, 1 dataset, {count} rows" in said, said
    size = os.path.getsize(path) / 1e6
    path.unlink()
    manifest.unlink()
    what = f"arrow, {count:,} rows, {size:,.0f} MB, profile and duplicates"
    return [
        Row(f"{what}: {name}", figure("slipway", kind), "s", peer="polars, describe and n_unique",
            peer_figure=figure("peer", kind))
        for name, kind in (("processor", "cpu"), ("on the clock", "wall"))]


def pictures(world, count, turns, python):
    """Each is decoded, and its size, mode and digest are a row."""
    if python is None:
        return [Row("pictures", note="Pillow, which makes them, is not there")]
    folder = world.clone / "data" / "pictures"
    checks.run(peer(python, "write-pictures", folder) + [str(count)], world)
    manifest = world.clone / "datasets" / "pictures.yaml"
    manifest.write_text(
        f"files: [{{path: data/pictures/, sha256: {list_digest(world, folder)}}}]\n"
        "format: images\nlabel: label\n"
        "columns:\n  - {name: label, type: string}\n"
        "  - {name: width, type: integer, min: 64, max: 4096}\n"
        "  - {name: sha256, type: string, unique: true}\n")
    figure, runs = interleaved(world, turns, {
        "slipway": [world.binary, "check", "--fresh", "."],
        "peer": peer(python, "read-pictures", folder),
        "verify": peer(python, "verify-pictures", folder)})
    assert f"ok: 0 models, 1 dataset, {count} rows" in runs["slipway"][-1]["output"], (
        runs["slipway"][-1]["output"])
    size = sum(path.stat().st_size for path in folder.rglob("*.*")) / 1e6
    shutil.rmtree(folder)
    manifest.unlink()
    what = f"{count:,} pictures, half PNG and half JPEG, {size:,.0f} MB, decoded and hashed"
    return [
        Row(f"{what}: processor", figure("slipway", "cpu"), "s", peer="Pillow, load",
            peer_figure=figure("peer", "cpu")),
        Row(f"{what}: on the clock", figure("slipway", "wall"), "s", peer="Pillow, load",
            peer_figure=figure("peer", "wall")),
        Row(f"{what}: on the clock", figure("slipway", "wall"), "s",
            peer="Pillow, verify, which decodes nothing", peer_figure=figure("verify", "wall")),
    ]


def list_digest(world, folder):
    """The digest of many files: that of the list that sha256sum prints of them."""
    names = sorted(str(path.relative_to(world.clone)) for path in folder.rglob("*.*"))
    lines = (f"{hashlib.sha256((world.clone / name).read_bytes()).hexdigest()}  {name}\n"
             for name in names)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def shards(world, count, turns):
    """A table in a hundred files, beside the same rows in one."""
    whole, folder = world.clone / "data" / "whole.csv", world.clone / "data" / "parts"
    datafile.generate(whole, count, 3, 0)
    folder.mkdir()
    with whole.open("rb") as source:
        header = source.readline()
        for number in range(100):
            with (folder / f"{number:03}.csv").open("wb") as target:
                target.write(header)
                target.writelines(whole_rows(source, count // 100))
    text = pathlib.Path(f"{whole}.yaml").read_text()
    manifest = world.clone / "datasets" / "rows.yaml"
    runs = {}
    with whole.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    for name, path, sha256 in (
            ("one", "data/whole.csv", digest),
            ("parts", "data/parts/*.csv", list_digest(world, folder))):
        manifest.write_text(
            f"files: [{{path: {path!r}, sha256: {sha256}}}]\nformat: csv\n"
            + text[text.index("columns:"):text.index("checks:")] + ALL)
        runs[name] = [
            checks.run([world.binary, "check", "--fresh", "."], world) for _ in range(turns)]
        assert f"{count} rows" in runs[name][-1]["output"], runs[name][-1]["output"][-400:]
    whole.unlink()
    shutil.rmtree(folder)
    manifest.unlink()
    return [
        Row(f"{count:,} rows in 100 files: {name}", median([one[kind] for one in runs["parts"]]),
            "s", peer="the same rows in one file",
            peer_figure=median([one[kind] for one in runs["one"]]))
        for name, kind in (("processor", "cpu"), ("on the clock", "wall"))]


def appended(world, shards, count, turns, python):
    """A dataset in shards: read whole, unchanged, and with one shard more."""
    folder = world.clone / "data" / "shards"
    folder.mkdir()
    source = world.folder / "shards.csv"
    datafile.generate(source, shards * count, 5, 1)
    with source.open("rb") as file:
        head = file.readline()
        for number in range(shards):
            rows = whole_rows(file, count)
            (folder / f"part-{number:03}.csv").write_bytes(head + b"".join(rows))
    text = pathlib.Path(f"{source}.yaml").read_text()
    source.unlink()
    manifest = world.clone / "datasets" / "shards.yaml"

    def declare_shards():
        manifest.write_text(
            "files:\n  - {path: \"data/shards/part-*.csv\", sha256: "
            + list_digest(world, folder) + "}\n"
            + text[text.index("format:"):text.index("checks:")] + ALL)

    declare_shards()
    check = [world.binary, "check", "."]
    figure, _ = interleaved(world, turns, {
        "whole": [world.binary, "check", "--fresh", "."],
        "summarize": peer(python, "summarize", folder / "part-*.csv")})
    unchanged = checks.run(check, world)
    ratios = []
    for number in range(turns):
        more = folder / f"part-{shards + number:03}.csv"
        datafile.generate(more, count, 6 + number, 0)
        pathlib.Path(f"{more}.yaml").unlink()
        declare_shards()
        time.sleep(0.2)
        ratios.append(checks.run(check, world))
        assert f"1 of {shards + number + 1} files read" in ratios[-1]["output"], ratios[-1]
    shutil.rmtree(folder)
    manifest.unlink()
    whole, one = figure("whole", "cpu"), median([turn["cpu"] for turn in ratios])
    what = f"{shards} shards of {count:,} rows"
    return [
        Row(f"{what}, all read: processor", whole, "s",
            peer="DuckDB SUMMARIZE of all", peer_figure=figure("summarize", "cpu")),
        Row(f"{what}, nothing changed: processor", unchanged["cpu"], "s",
            peer="all read", peer_figure=whole),
        Row(f"{what} and one more: processor", one, "s", budget=whole / 20,
            peer="all read", peer_figure=whole,
            note=f"{100 * one / whole:.1f} % of reading all for {100 / shards:.0f} % more"),
        Row(f"{what} and one more: peak memory", median([turn["peak"] for turn in ratios]),
            "MiB", budget=256),
    ]


def small_file(world, turns, python):
    path = world.clone / "data" / "small.csv"
    datafile.generate(path, 10_300, 4, 0)
    declare(world, path, "small")
    found = checks.run([world.binary, "check", "--fresh", "."], world)
    assert "10300 rows" in found["output"], found["output"]
    commands = {"slipway": [world.binary, "check", "--fresh", world.clone],
                "peer": peer(python, "summarize", path)}
    took = {name: [] for name, command in commands.items() if command}
    for _ in range(turns):
        for name in took:
            took[name].append(spawned(commands[name], world))
    (world.clone / "datasets" / "small.yaml").unlink()
    path.unlink()
    return [Row(
        f"{10_300:,} rows, 1 MB, all of it from the process's start", median(took["slipway"]),
        budget=30, peer="DuckDB SUMMARIZE",
        peer_figure=median(took["peer"]) if "peer" in took else None)]


def spawned(command, world):
    """How long a process lasts, in milliseconds, from asking for it to having waited for it."""
    words = [str(part) for part in command]
    silent = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    began = time.perf_counter()
    pid = os.posix_spawn(words[0], words, world.environment, file_actions=silent)
    _, status = os.waitpid(pid, 0)
    took = (time.perf_counter() - began) * 1000
    assert os.waitstatus_to_exitcode(status) == 0, (words, status)
    return took


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


def write_pictures(folder, count):
    """Half of them PNG and half JPEG, of 256 × 256 pixels, in ten folders."""
    from PIL import Image
    chance = random.Random(7)
    for number in range(count):
        small = Image.frombytes("RGB", (16, 16), chance.randbytes(16 * 16 * 3))
        place = pathlib.Path(folder) / f"class-{number % 10}"
        place.mkdir(parents=True, exist_ok=True)
        kind = "png" if number % 2 else "jpg"
        small.resize((256, 256), Image.Resampling.BICUBIC).save(place / f"{number:05}.{kind}")


def read_pictures(folder, does_decode):
    from PIL import Image
    for path in sorted(pathlib.Path(folder).rglob("*.*")):
        hashlib.sha256(path.read_bytes()).hexdigest()
        with Image.open(path) as picture:
            picture.load() if does_decode else picture.verify()


def frames(what, path, target):
    """What polars does with the file."""
    import polars
    if what == "write-arrow":
        polars.read_csv(
            path, null_values=["", "NA"], try_parse_dates=True).write_ipc(target)
    else:
        frame = polars.read_ipc(path)
        print(frame.describe(), frame.select(polars.all().approx_n_unique()))


def main(what, path, target=None):
    """What a peer does with the file."""
    if what == "write-pictures":
        return write_pictures(path, int(target))
    if what.endswith("-pictures"):
        return read_pictures(path, what == "read-pictures")
    if what.endswith("-arrow"):
        return frames(what, path, target)
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
        # As RFC 3339 has a time; DuckDB itself leaves the minutes out of the offset.
        "write-jsonl":
            "COPY (SELECT * REPLACE (strftime(event_time AT TIME ZONE 'UTC', "
            f"'%Y-%m-%dT%H:%M:%SZ') AS event_time) FROM {csv}) TO '{target}' (FORMAT json)",
    }[what]
    print(connection.execute(query).fetchall())


if __name__ == "__main__":
    import sys
    main(*sys.argv[1:])
