"""A hundred thousand tags in the repository: a cold start, and one tag more."""
import re
import shutil
import subprocess
import time

import declarations
import peers
from figures import Row, median
from world import Api, Unmeasured, address

MODELS = 500
# Versions and assignments of each model; and approvals of models that are gone.
VERSIONS, ASSIGNMENTS, APPROVALS = 50, 100, 50
GTO_TAGS = 2_000
TURNS = re.compile(r"^slipway_turns_total [1-9]", re.MULTILINE)


def measure(world, count, tools):
    world.write(declarations.repository())
    world.start_daemon()
    push(world, 0)
    world.approve("served")
    few = [one_tag(world, turn) for turn in range(1, count + 1)]
    start_few = median([start(world) for _ in range(count)])
    total = tags(world, world.bare, MODELS)
    cold = median([start(world) for _ in range(count)])
    many = [one_tag(world, count + turn) for turn in range(1, count + 1)]
    listed = []
    for _ in range(20):
        took, text = peers.timed(
            [world.binary, "versions", "served", "--json"], world.clone, world.environment)
        listed.append(took)
    refs = median([
        peers.timed(
            ["git", "for-each-ref", "--format=%(refname) %(objectname) %(*objectname) "
             "%(taggerdate:unix)", "refs/tags"], world.bare, world.environment)[0]
        for _ in range(5)])
    theirs, theirs_count = gto(world, tools)
    less = f", {theirs_count:,} tags" if theirs_count else ""
    return [
        Row("daemon start → its first look is done, few tags", start_few),
        Row(f"daemon start → its first look is done, {total:,} tags", cold,
            peer="git for-each-ref, with tagger dates", peer_figure=refs),
        Row("an approval's hook starts → released, few tags", median(few),
            note=f"{count} approvals"),
        Row(f"an approval's hook starts → released, {total:,} tags", median(many),
            peer="git for-each-ref, with tagger dates", peer_figure=refs),
        Row(f"list a model's versions, {total:,} tags", median(listed), peer=f"gto show{less}",
            peer_figure=theirs),
    ]


def push(world, number):
    world.write(declarations.served(number))
    world.commit(f"served: number {number}")
    world.push()
    world.until_phase("served", "waiting-for-review")


def one_tag(world, number):
    """Approves a new candidate; milliseconds from the hook's start to the release."""
    push(world, number)
    stamp = world.folder / "hook-began"
    hook = world.bare / "hooks" / "post-receive"
    if not hook.with_name("post-receive.real").exists():
        hook.rename(f"{hook}.real")
        hook.write_text(
            f"#!/bin/sh\ndate +%s%N > '{stamp}'\nexec '{hook}.real' \"$@\"\n")
        hook.chmod(0o755)
    world.approve("served")
    began = int(stamp.read_text()) / 1e6
    decisions = world.api.get("/api/v1/models/served/decisions")
    moments = [
        decision["at"] for decision in decisions if "released" in decision["decision"]]
    return max(moments) - began


def start(world):
    """Starts the daemon; milliseconds until it has looked at all of the repository."""
    world.end("daemon")
    file = world.state / "daemon.json"
    file.unlink(missing_ok=True)
    began = time.perf_counter()
    world.launch("daemon", "daemon", "--log-level", "warning")
    world.api = Api(world.until(lambda: address(file), "the daemon", 60, pause=0.0005))
    world.until(lambda: TURNS.search(metrics(world)), "the first look", 60, pause=0.0005)
    return (time.perf_counter() - began) * 1000


def metrics(world):
    return world.api.get("/metrics", plain=True) or ""


def tags(world, repository, models):
    """Adds tags as GTO and reviewers write them, unsigned; returns how many there are now."""
    stream, count = [], 0
    # Because GTO wants each version of a model on a commit of its own.
    for minor in range(VERSIONS):
        stream.append(
            f"commit refs/heads/earlier\nmark :{minor + 1}\ncommitter Somebody "
            f"<somebody@example.org> {1_600_000_000 + minor} +0000\ndata 8\nearlier\n\n")

    def tag(name, commit, text):
        nonlocal count
        count += 1
        stream.append(
            f"tag {name}\nfrom :{commit}\ntagger Somebody <somebody@example.org> "
            f"{1_700_000_000 + count} +0000\ndata {len(text)}\n{text}\n")

    for model in range(models):
        for minor in range(VERSIONS):
            tag(f"m{model}@v1.{minor}.0", minor + 1, "a version\n")
        for number in range(1, ASSIGNMENTS + 1):
            tag(f"m{model}#production#{number}", (number + 1) // 2, "an assignment\n")
        for number in range(APPROVALS):
            tag(f"approve/m{model}/{number:016x}/ada@example.org", 1, "an approval\n")
    subprocess.run(
        ["git", "-C", str(repository), "fast-import", "--quiet"], check=True,
        input="".join(stream).encode(), env=world.environment, capture_output=True, timeout=300)
    world.call("git", "-C", repository, "pack-refs", "--all")
    return len(world.call(
        "git", "-C", repository, "for-each-ref", "--format=x", "refs/tags").splitlines())


def gto(world, tools):
    """`gto show` on fewer tags, because its time grows with the square of their number."""
    if tools is None:
        return None, 0
    clone = world.folder / "gto"
    world.call("git", "clone", "--quiet", "--no-tags", world.bare, clone)
    total = tags(world, clone, GTO_TAGS // (VERSIONS + ASSIGNMENTS + APPROVALS))
    try:
        took, _ = peers.timed(
            [tools / "gto", "show", "--json", "--repo", clone], clone, world.environment)
    except (OSError, subprocess.SubprocessError) as error:
        raise Unmeasured(f"gto show: {error}")
    shutil.rmtree(clone, ignore_errors=True)
    return took, total
