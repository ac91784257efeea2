"""A table of twelve columns is checked, beside DuckDB and the digest alone."""
import os
import pathlib
import subprocess
import time

import datafile
import peers
from figures import Row, median
from world import Unmeasured


def measure(world, count, turns, build_folder):
    for name in ("data", "datasets"):
        (world.clone / name).mkdir(parents=True, exist_ok=True)
    path = world.clone / "data" / "table.csv"
    planted = datafile.generate(path, count, 1, 1)["planted"]
    (world.clone / "datasets" / "table.yaml").write_text(
        pathlib.Path(f"{path}.yaml").read_text())
    (world.clone / "slipway.yaml").write_text("branch: main\n")
    python = peers.duckdb(build_folder)
    commands = {
        "slipway": [world.binary, "check", "--fresh", "."],
        "openssl": ["openssl", "dgst", "-sha256", path],
        "rules": [python, __file__, path, "rules"] if python else None,
        "summarize": [python, __file__, path, "summarize"] if python else None,
    }
    runs = {name: [] for name, command in commands.items() if command}
    for _ in range(turns):
        for name in runs:
            runs[name].append(run(commands[name], world))
    text = runs["slipway"][-1]["output"]
    # Without planted faults, or with all of them passed over, the time would say nothing.
    assert runs["slipway"][-1]["status"] == 1 and "data/table.csv:" in text, text[-600:]

    def figure(name, what):
        return median([one[what] for one in runs[name]]) if name in runs else None

    size = os.path.getsize(path) / 1e6
    what = f"{count:,} rows × 12 columns, {size:,.0f} MB, twelve rules, types and digest"
    note = f"{turns} turns; {sum(planted.values()):,} planted faults"
    return [
        Row(f"{what}: processor", figure("slipway", "cpu"), "s", budget=6 * count / 1e7,
            peer="DuckDB SUMMARIZE", peer_figure=figure("summarize", "cpu"), note=note),
        Row(f"{what}: processor", figure("slipway", "cpu"), "s",
            peer="DuckDB, the same rules", peer_figure=figure("rules", "cpu")),
        Row(f"{what}: on the clock", figure("slipway", "wall"), "s",
            peer="DuckDB, the same rules", peer_figure=figure("rules", "wall")),
        Row(f"{what}: processor", figure("slipway", "cpu"), "s", peer="openssl dgst alone",
            peer_figure=figure("openssl", "cpu")),
        Row(f"{what}: peak memory", figure("slipway", "peak"), "MiB", budget=256,
            peer="DuckDB SUMMARIZE", peer_figure=figure("summarize", "peak")),
    ]


def run(command, world):
    """Runs a command in the clone; its seconds on the clock and of processor, and peak in MiB."""
    began = time.monotonic()
    child = subprocess.Popen(
        [str(part) for part in command], cwd=world.clone, env=world.environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    # Because of Slipway 1 is the answer that something is wrong with the data.
    if child.returncode not in ((0, 1) if command[0] == world.binary else (0,)):
        raise Unmeasured(f"{command[0]}: status {child.returncode}: {output[-400:]}")
    return {
        "wall": time.monotonic() - began, "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss / 1024, "output": output, "status": child.returncode}


TYPES = {
    "id": "BIGINT", "event_date": "DATE", "event_time": "TIMESTAMPTZ", "age": "INTEGER",
    "income": "DOUBLE", "score": "DOUBLE", "clicks": "INTEGER", "country": "VARCHAR",
    "comment": "VARCHAR", "flag": "BOOLEAN", "label": "INTEGER", "group": "VARCHAR",
}
RULES = [
    "id IS NULL", "id < 1", "event_date IS NULL", "age NOT BETWEEN 0 AND 120", "income < 0",
    "score IS NULL", "score NOT BETWEEN 0 AND 1", "clicks NOT BETWEEN 0 AND 1000",
    f"country NOT IN {tuple(datafile.COUNTRIES)}", "label IS NULL", "label NOT IN (0, 1)",
    """NOT regexp_full_match("group", 'G[0-9]{4}')""",
]


def main(path, what):
    """What DuckDB does with the file; rows of a wrong type it passes over."""
    import duckdb
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    table = (f"read_csv('{path}', header=true, nullstr=['', 'NA'], ignore_errors=true, "
             f"columns={TYPES})")
    if what == "summarize":
        query = f"SUMMARIZE SELECT * FROM {table}"
    else:
        counts = ", ".join(f"count(*) FILTER ({rule})" for rule in RULES)
        query = f"SELECT count(*), {counts} FROM {table}"
    print(connection.execute(query).fetchall())


if __name__ == "__main__":
    import sys
    main(*sys.argv[1:])
