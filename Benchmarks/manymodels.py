"""A repository of ten thousand models in which one file changes."""
import hashlib
import json
import socket
import sqlite3
import subprocess
import time

import declarations
import peers
from figures import Row, median, percentile

DATASETS = 100
STAGES = 1_000
TRAIN = "print('train')\n"
MODEL = """\
description: One of many
datasets: {{train: d{dataset}}}
parameters: {{number: {number}}}
evaluation: {{task: classification, predictions: predictions.csv}}
promotion: {{accuracy: {{at_least: 0.9}}}}
"""


def measure(world, models, count, tools):
    fill(world, models)
    clock = world.folder / "started"
    world.write(declarations.dataset())
    world.write(declarations.clocked(0, clock))
    head = world.commit("many models")
    world.start_daemon()
    world.end("daemon")
    # As if they all had been there for long: what is measured is the next commit.
    with sqlite3.connect(world.state / "journal.sqlite") as journal:
        journal.execute("INSERT OR REPLACE INTO positions VALUES ('scanned', ?)", (head,))
    world.push()
    world.start_daemon()
    run(world, clock, 1)
    asked, started, plans = [], [], []
    for number in range(2, count + 2):
        started.append(run(world, clock, number))
        asked.append(ask(world, clock, number))
    for _ in range(3):
        took, text = peers.timed(
            [world.binary, "plan", "--json", "HEAD"], world.clone, world.environment)
        touched = [model["model"] for model in json.loads(text)["models"]]
        assert touched == ["clocked"], f"slipway plan says {touched}"
        plans.append(took)
    status = dvc(world, tools)
    stages = f"dvc status, {STAGES:,} stages"
    what = f"{models:,} models, one file changed"
    return [
        Row(f"{what}: the hook's question → the affected set", median(asked), budget=10,
            peer=stages, peer_figure=status, note=f"{count} commits"),
        Row(f"{what}: the same, worst", max(asked)),
        Row(f"{what}: git push starts → first step's process, p50", median(started)),
        Row(f"{what}: `slipway plan` in a clone, which remembers nothing", median(plans),
            peer=stages, peer_figure=status),
    ]


def fill(world, models):
    files = declarations.repository()
    data = "x,y\n1,2\n"
    digest = hashlib.sha256(data.encode()).hexdigest()
    for number in range(DATASETS):
        files[f"data/d{number}.csv"] = data
        files[f"datasets/d{number}.yaml"] = (
            f"files:\n  - {{path: data/d{number}.csv, sha256: {digest}}}\n")
    for number in range(models):
        folder = f"models/m{number:05}"
        files[f"{folder}/model.yaml"] = MODEL.format(dataset=number % DATASETS, number=number)
        files[f"{folder}/train.py"] = TRAIN
        files[f"{folder}/evaluate.py"] = f"print({number})\n"
    world.write(files)


def run(world, clock, number):
    """Pushes another parameter of one model; milliseconds until its step runs."""
    world.write(declarations.clocked(number, clock))
    world.commit(f"clocked: number {number}")
    clock.unlink(missing_ok=True)
    began, _ = world.push()
    world.until(clock.exists, "the first step's start")
    milliseconds = int(clock.read_text()) / 1e6 - began * 1e3
    world.until_phase("clocked", "waiting-for-review")
    return milliseconds


def ask(world, clock, number):
    """Asks the daemon, as the hook does, what a commit touches that it has never seen; ms."""
    old = world.git("rev-parse", "HEAD")
    world.write(declarations.clocked(f"{number}000", clock))
    new = world.commit("clocked: not on the watched branch")
    world.git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/aside")
    world.git("reset", "--quiet", "--hard", old)
    began = time.perf_counter()
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(60)
        link.connect(str(world.state / "hook.sock"))
        link.sendall(f"{old} {new} refs/heads/main\n".encode())
        link.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: link.recv(65536), b"")).decode()
    took = (time.perf_counter() - began) * 1000
    assert "clocked" in answer and "m0" not in answer, answer
    return took


def dvc(world, tools):
    """`dvc status` of up-to-date stages of which one has another input; milliseconds."""
    if tools is None:
        return None
    folder = world.folder / "dvc"
    folder.mkdir()
    environment = peers.dvc_environment()
    world.call("git", "init", "--quiet", folder)
    peers.timed([tools / "dvc", "init", "--quiet"], folder, environment)
    stages, locks = ["stages:"], ["schema: '2.0'", "stages:"]
    for number in range(STAGES):
        text = f"print({number})\n"
        (folder / f"train{number}.py").write_text(text)
        digest = hashlib.md5(text.encode()).hexdigest()
        stages.append(f"  s{number}:\n    cmd: 'true'\n    deps: [train{number}.py]")
        locks.append(
            f"  s{number}:\n    cmd: 'true'\n    deps:\n    - path: train{number}.py\n"
            f"      hash: md5\n      md5: {digest}\n      size: {len(text)}")
    (folder / "dvc.yaml").write_text("\n".join(stages) + "\n")
    (folder / "dvc.lock").write_text("\n".join(locks) + "\n")
    (folder / "train7.py").write_text("print('changed')\n")
    took = []
    for _ in range(3):
        milliseconds, text = peers.timed(
            [tools / "dvc", "status", "--json"], folder, environment)
        assert list(json.loads(text)) == ["s7"], text[:300]
        took.append(milliseconds)
    return median(took)
