"""What the daemon costs while nothing happens, and how soon it works after a start."""
import json
import sqlite3
import time

import declarations
from figures import Row, median
from world import Api, address, cpu_seconds, fine_cpu_seconds, memory_mib

RUNS = 10_000
IDLE_SECONDS = 20


def measure(world, count):
    """`world` has no daemon yet."""
    world.start_daemon()
    rows = idle(world, "no commit yet")
    world.write(declarations.repository() | declarations.chain(retries=0, limit=1))
    world.commit("chain: first")
    world.push()
    world.until_phase("chain", "waiting-for-review")
    answers, decisions = [], []
    for turn in range(count):
        world.end("daemon")
        world.write(declarations.chain(retries=0, limit=2 + turn))
        head = world.commit("chain: another threshold, while nobody watches")
        world.push()
        answer, decision = start(world, head)
        answers.append(answer)
        decisions.append(decision)
        world.until_phase("chain", "waiting-for-review")
    world.end("daemon")
    recorded = fill(world.state / "journal.sqlite")
    world.start_daemon()
    listed = len(world.api.get("/api/v1/runs?limit=1000"))
    assert listed == 1000, f"{listed} runs are listed"
    note = f"{count} starts"
    return [
        Row("daemon start → first answer of its API", median(answers), note=note),
        Row("daemon start → first decision", median(decisions), budget=200, note=note),
    ] + rows + idle(world, f"{RUNS:,} runs, {recorded:,} decisions recorded", budget=32)


def start(world, head):
    """Starts the daemon; milliseconds until it answers, and until it decided on `head`."""
    file = world.state / "daemon.json"
    file.unlink(missing_ok=True)
    began = time.time()
    world.launch("daemon", "daemon", "--log-level", "warning")
    url = world.until(lambda: address(file), "the daemon", 30, pause=0.0005)
    world.api = Api(url)
    world.until(
        lambda: world.api.get("/api/v1/status"), "the first answer", 30, pause=0.0005)
    answered = time.time()

    def decided():
        return [
            decision["at"] for decision in world.api.get("/api/v1/models/chain/decisions") or []
            if decision["commit"] == head]

    moments = world.until(decided, "the first decision", 30)
    return (answered - began) * 1000, moments[0] - began * 1000


def idle(world, what, budget=None):
    """Memory and processor time over a while in which nothing is asked."""
    pid = world.processes["daemon"].pid
    time.sleep(3)
    before, coarse = fine_cpu_seconds(pid), cpu_seconds(pid)
    time.sleep(IDLE_SECONDS)
    after = fine_cpu_seconds(pid)
    fine = sum(spent - before.get(thread, 0) for thread, spent in after.items())
    # Where a thread ended in between, only the coarse clock has all of it.
    spent = fine if before.keys() <= after.keys() else max(fine, cpu_seconds(pid) - coarse)
    share = spent / IDLE_SECONDS * 100
    resident, anonymous = memory_mib(pid)
    return [
        Row(f"daemon, idle, {what}: resident", resident, "MiB", budget=budget,
            note=f"{anonymous:.1f} MiB of it not pages of files"),
        Row(f"daemon, idle, {what}: share of a core", share, "%",
            budget=None if budget is None else 0.1),
    ]


def fill(path):
    """Copies the newest run, and what was decided on it, until there are `RUNS` runs.

    Returns how many decisions there are then. The copies have numbers and commits of their own.
    """
    with sqlite3.connect(path) as journal:
        number, started, state, run = journal.execute(
            "SELECT number, started, state, run FROM runs ORDER BY started DESC LIMIT 1"
        ).fetchone()
        records = [
            json.loads(text) for (text,) in journal.execute(
                "SELECT record FROM decisions ORDER BY sequence")]
        own = [
            record for record in records
            if record["decision"].get("started", {}).get("run") == number
            or "judged" in record["decision"]][-2:]
        sequence = records[-1]["sequence"]
        for copy in range(number + 1, RUNS + 1):
            commit = f"{copy:040x}"
            view = json.loads(run) | {"id": f"chain/{copy}", "commit": commit}
            journal.execute(
                "INSERT INTO runs VALUES ('chain', ?, ?, ?, ?)",
                (copy, started + copy, state, json.dumps(view)))
            for record in own:
                sequence += 1
                value = record | {"sequence": sequence, "commit": commit}
                if "started" in value["decision"]:
                    value["decision"] = {"started": value["decision"]["started"] | {"run": copy}}
                journal.execute(
                    "INSERT INTO decisions VALUES (?, 'chain', ?)", (sequence, json.dumps(value)))
        return journal.execute("SELECT count(*) FROM decisions").fetchone()[0]
