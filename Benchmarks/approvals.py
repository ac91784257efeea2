"""A thousand signed approvals arrive in one push, beside `git verify-tag` of the same tags."""
import time

import declarations
from figures import Row, median

NEEDED = 100


def measure(world, count):
    world.write(declarations.repository() | {
        "slipway.yaml": f"branch: main\nreview: {{approvals: {NEEDED}}}\n"})
    reviewers = enroll(world, count)
    world.start_daemon()
    world.write(declarations.served(0))
    world.commit("served: number 0")
    world.push()
    world.until_phase("served", "waiting-for-review")
    report = world.api.get("/api/v1/models/served/report")
    names = sign(world, reviewers, report)
    verify = git_verify(world, names)
    pid = world.processes["daemon"].pid
    began = time.time()
    world.git("push", "--quiet", "origin", *[f"refs/tags/{name}" for name in names])

    def judged():
        tags = world.api.get("/api/v1/models/served/report")["tags"]
        return tags if len(tags) == count else None

    tags = world.until(judged, f"{count} approvals to be judged", 300)
    refused = [tag for tag in tags if tag.get("refusal")]
    assert not refused, f"{len(refused)} are refused: {refused[0]}"
    world.until_phase("served", "released")
    decisions, page = [], True
    while page:
        after = decisions[-1]["sequence"] if decisions else 0
        page = world.api.get(f"/api/v1/models/served/decisions?after={after}")
        decisions += page
    moments = {
        word: [one["at"] for one in decisions if word in one["decision"]]
        for word in ("seen", "released")}
    assert moments["released"], "no version was released"
    stamp = int((world.folder / "hook-began").read_text()) / 1e6
    note = f"{count:,} approvals by as many reviewers in one push"
    return [
        Row("hook starts → all approvals verified and judged",
            max(moments["seen"]) - stamp, budget=100, peer="git verify-tag, one process for all",
            peer_figure=verify, note=note),
        Row("hook starts → the version that they release",
            max(moments["released"]) - stamp, note=f"{NEEDED} are needed"),
    ]


def enroll(world, count):
    """Makes a key for each reviewer and trusts all of them."""
    reviewers = {}
    lines = []
    for number in range(count):
        name = f"reviewer{number:04}@example.org"
        key = world.folder / f"key-{number}"
        world.call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key)
        public = " ".join(key.with_suffix(".pub").read_text().split()[:2])
        lines.append(f'{name} namespaces="git" {public}\n')
        reviewers[name] = key
    for path in trusts(world):
        path.write_text(path.read_text() + "".join(lines))
    world.git("config", "gpg.ssh.allowedSignersFile", trusts(world)[0])
    hook = world.bare / "hooks" / "post-receive"
    hook.rename(f"{hook}.real")
    hook.write_text(
        f"#!/bin/sh\ndate +%s%N > '{world.folder}/hook-began'\nexec '{hook}.real' \"$@\"\n")
    hook.chmod(0o755)
    return reviewers


def trusts(world):
    """The copy of allowed_signers that the daemon reads."""
    return sorted(world.state.rglob("allowed_signers"))


def sign(world, reviewers, report):
    names = []
    digest = report["evidenceDigest"]
    for name, key in reviewers.items():
        tag = f"approve/served/{digest[:16]}/{name}"
        world.git(
            "-c", f"user.signingkey={key}", "tag", "--sign", "--message",
            f"I have seen it.\n\nEvidence: {digest}", tag, report["commit"])
        names.append(tag)
    return names


def git_verify(world, names):
    """One `git verify-tag` with all the names; it starts ssh-keygen for each of them."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        world.git("verify-tag", *names)
        took.append((time.perf_counter() - began) * 1000)
    return median(took)
