"""A thousand pushes of a branch and a thousand tags: how soon all are decided, and what it costs."""
import pathlib
import subprocess
import time

import declarations
from figures import Row
from world import Unmeasured


def measure(world, count):
    world.write(declarations.repository() | declarations.chain(retries=0, limit=1))
    daemon = world.start_daemon()
    first = world.commit("chain: first")
    world.push()
    world.until_phase("chain", "waiting-for-review")
    before = peak_mib(daemon.pid)
    commits = commit_many(world, first, count)
    began = time.monotonic()
    for commit in commits:
        world.git("push", "--quiet", "origin", f"{commit}:refs/heads/main")
    pushed = time.monotonic()
    world.until(lambda: decided(world, commits), "every commit's decision", 600, 0.2)
    settled = time.monotonic()
    feed(world, world.clone, "update-ref", "--stdin", text="".join(
        f"create refs/tags/approve/chain/{commit[:16]}/r{number} {commit}\n"
        for number, commit in enumerate(commits)))
    tagged = time.monotonic()
    world.git("push", "--quiet", "origin", "refs/tags/approve/*:refs/tags/approve/*")
    world.until(lambda: seen(world) >= count, "every tag's first sight", 600, 0.2)
    recorded = time.monotonic()
    lost = count - sum(1 for commit in commits if commit in noted(world))
    peak = peak_mib(daemon.pid)
    return [
        Row(f"{count:,} pushes: the last is pushed", (pushed - began) * 1000),
        Row(f"{count:,} pushes: all decided after the last", (settled - pushed) * 1000),
        Row(f"{count:,} pushes: without a decision", lost, "commits", 0),
        Row(f"{count:,} tags in one push: all recorded", (recorded - tagged) * 1000),
        Row("the daemon's greatest memory, before the burst", before, "MiB"),
        Row("the daemon's greatest memory, with the burst", peak, "MiB"),
    ]


def commit_many(world, first, count):
    """Commits beside the branch, each with another number of retries or another limit."""
    lines, path = [], "models/chain/model.yaml"
    for number in range(1, count + 1):
        text = declarations.chain(retries=0, limit=1 + number)[path]
        parent = first if number == 1 else f":{number - 1}"
        lines.append(
            f"commit refs/heads/burst\nmark :{number}\n"
            f"committer Engineer <engineer@example.org> {1_700_000_000 + number} +0000\n"
            f"data <<END\nchain: limit {number}\nEND\nfrom {parent}\n"
            f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
    feed(world, world.clone, "fast-import", "--quiet", text="".join(lines))
    commits = world.git("rev-list", "--reverse", f"{first}..burst").split()
    if len(commits) != count:
        raise Unmeasured(f"{len(commits)} commits were made and not {count}")
    return commits


def feed(world, folder, *arguments, text):
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], env=world.environment, input=text, text=True,
        capture_output=True, timeout=300)
    if done.returncode != 0:
        raise Unmeasured(f"git {arguments[0]}: {done.stderr.strip()[-400:]}")


def noted(world):
    """The commits that have a note in the repository itself."""
    lines = world.call("git", "-C", world.bare, "notes", "--ref=slipway", "list").splitlines()
    return {line.split()[1] for line in lines}


def decided(world, commits):
    status = world.api.get("/api/v1/models/chain") or {}
    if status.get("head") != commits[-1] or status.get("phase") != "waiting-for-review":
        return False
    return noted(world).issuperset(commits)


def seen(world):
    """How many tags the decisions name, read page by page."""
    after, found = 0, set()
    while True:
        page = world.api.get(f"/api/v1/models/chain/decisions?after={after}&limit=1000")
        if not page:
            return len(found)
        found |= {
            record["decision"]["seen"]["ref"] for record in page if "seen" in record["decision"]}
        after = page[-1]["sequence"]


def peak_mib(pid):
    """The most that the process ever held resident."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise Unmeasured("the kernel does not say how much memory was held")
