"""From a push to the first step's process, and how long the hook keeps the push."""
import declarations
from figures import Row, median, percentile

# Called in place of git's hook and of the binary, so that both moments are known.
HOOK = """\
#!/bin/sh
date +%s%N > '{folder}/hook-began'
'{hook}.real' "$@"
date +%s%N > '{folder}/hook-ended'
"""
PROGRAM = """\
#!/bin/sh
date +%s%N > '{folder}/hook-connects'
exec '{binary}' "$@"
"""


def measure(world, count):
    clock = world.folder / "started"
    prepare(world, clock)
    connect, hook, push, hook_took = [], [], [], []
    for number in range(1, count + 1):
        moments = one_push(world, clock, number)
        connect.append((moments["started"] - moments["connects"]) / 1e6)
    # The wrapped program costs milliseconds of its own, so the rest is measured without it.
    world.call("git", "-C", world.bare, "config", "slipway.executable", world.binary)
    for number in range(count + 1, 2 * count + 1):
        moments = one_push(world, clock, number)
        hook.append((moments["started"] - moments["began"]) / 1e6)
        push.append((moments["started"] - moments["push"]) / 1e6)
        hook_took.append((moments["ended"] - moments["began"]) / 1e6)
    return rows(connect, hook, push, hook_took)


def one_push(world, clock, number):
    """Pushes another parameter; when what happened, in nanoseconds since 1970."""
    world.write(declarations.clocked(number, clock))
    world.commit(f"clocked: number {number}")
    clock.unlink(missing_ok=True)
    began, _ = world.push()
    world.until(clock.exists, "the first step's start")
    moments = {"push": began * 1e9, "started": int(clock.read_text())}
    for name in ("began", "connects", "ended"):
        moments[name] = int((world.folder / f"hook-{name}").read_text())
    world.until_phase("clocked", "waiting-for-review")
    return moments


def prepare(world, clock):
    """Brings environment and data verdict into the cache with a first run."""
    world.write(declarations.repository() | declarations.dataset())
    world.write(declarations.clocked(0, clock))
    world.start_daemon()
    world.commit("clocked: first")
    world.push()
    world.until_phase("clocked", "waiting-for-review")
    hook = world.bare / "hooks" / "post-receive"
    hook.rename(f"{hook}.real")
    hook.write_text(HOOK.format(folder=world.folder, hook=hook))
    hook.chmod(0o755)
    program = world.folder / "slipway"
    program.write_text(PROGRAM.format(folder=world.folder, binary=world.binary))
    program.chmod(0o755)
    world.call("git", "-C", world.bare, "config", "slipway.executable", program)


def rows(connect, hook, push, hook_took):
    note = f"{len(connect)} pushes"
    return [
        Row("hook connects → first step's process, p50", median(connect), budget=20, note=note),
        Row("hook connects → first step's process, p99", percentile(connect, 0.99), budget=100,
            note=note),
        Row("git starts the hook → first step's process, p50", median(hook), note=note),
        Row("git push starts → first step's process, p50", median(push)),
        Row("git push starts → first step's process, p99", percentile(push, 0.99)),
        Row("the hook returns, p50", median(hook_took), budget=20),
        Row("the hook returns, p99", percentile(hook_took, 0.99)),
    ]
