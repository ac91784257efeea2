"""From a pushed revert to the earlier version's answer, and the same tags read by GTO."""
import http.client
import json
import threading
import time

import declarations
import peers
from figures import Row, median
from world import Unmeasured

BODY = b'{"instances": [[0]]}'


class Client(threading.Thread):
    """Asks the gateway as fast as it answers, and keeps when each version began to answer."""

    def __init__(self, gateway):
        super().__init__(daemon=True)
        self.gateway = gateway
        self.changes = []
        self.requests = 0
        self.failed = 0
        self.is_done = False

    def run(self):
        connection = http.client.HTTPConnection(
            self.gateway.hostname, self.gateway.port, timeout=30)
        while not self.is_done:
            try:
                connection.request("POST", "/v1/models/served:predict", BODY)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                self.failed += 1
                connection.close()
                continue
            self.requests += 1
            self.failed += answer.status != 200
            version = answer.getheader("Slipway-Model-Version")
            if not self.changes or self.changes[-1][1] != version:
                self.changes.append((time.time(), version))

    def version(self):
        return self.changes[-1][1] if self.changes else None


def measure(world, count, tools):
    prepare(world)
    client = Client(world.gateway())
    client.start()
    from_start, from_end = [], []
    for turn in range(count):
        world.until(lambda: client.version() == "v1.1.0", "v1.1.0 to answer", 60)
        world.git("revert", "--no-edit", "HEAD")
        began, ended = world.push()
        world.until(lambda: client.version() == "v1.0.0", "v1.0.0 to answer again", 60)
        moment = client.changes[-1][0]
        from_start.append((moment - began) * 1000)
        from_end.append((moment - ended) * 1000)
        world.until_phase("served", "released")
        # Reverting the revert: what was taken back needs a new approval.
        world.git("revert", "--no-edit", "HEAD")
        world.push()
        world.until_phase("served", "waiting-for-review")
        world.approve("served")
    world.until(lambda: client.version() == "v1.1.0", "v1.1.0 to answer", 60)
    client.is_done = True
    client.join(30)
    if client.failed:
        raise Unmeasured(f"{client.failed} of {client.requests} requests failed")
    note = f"{count} reverts, {client.requests:,} requests, 0 failed"
    return [
        Row("push of a revert starts → earlier version answers, p50", median(from_start),
            budget=250, note=note),
        Row("push of a revert starts → earlier version answers, worst", max(from_start),
            budget=250),
        Row("push of a revert returned → earlier version answers, p50", median(from_end)),
    ] + versions(world, tools)


def prepare(world):
    world.write(declarations.repository())
    world.start_daemon()
    world.start_serve()
    for number in (1, 2):
        world.write(declarations.served(number))
        world.commit(f"served: number {number}")
        world.push()
        world.until_phase("served", "waiting-for-review")
        world.approve("served")


def versions(world, tools):
    """`slipway versions` beside `gto show`: both must list the same before they are compared."""
    what = "list the versions and where they are"
    took, ours = repeat(20, [world.binary, "versions", "served", "--json"], world)
    if tools is None:
        return [Row(what, median(took), peer="gto show")]
    world.git("fetch", "--quiet", "--tags", "origin")
    gto = [tools / "gto", "show", "--json", "--repo", world.clone]
    theirs_took, stages = repeat(5, gto, world)
    _, theirs = repeat(1, [*gto, "served"], world)
    compare(ours, theirs, stages["served"]["stage"])
    return [
        Row(what, median(took), peer="gto show", peer_figure=median(theirs_took),
            note=f"both list the same {len(ours)} versions and stage")]


def repeat(count, command, world):
    """How long each run of a command takes, in milliseconds, and the JSON that it printed."""
    took = []
    for _ in range(count):
        milliseconds, text = peers.timed(command, world.clone, world.environment)
        took.append(milliseconds)
    return took, json.loads(text)


def compare(ours, theirs, stages):
    """`theirs` are GTO's versions, `stages` is what it says each stage has."""
    mine = {view["release"]["version"] for view in ours}
    other = {view["version"] for view in theirs}
    if mine != other:
        raise Unmeasured(f"slipway lists {sorted(mine)}, gto lists {sorted(other)}")
    assigned = {
        environment: view["release"]["version"] for view in ours
        for environment in view["assignedTo"]}
    if assigned != stages:
        raise Unmeasured(f"slipway assigns {assigned}, gto says {stages}")
