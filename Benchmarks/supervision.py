"""What the supervisor of a local step adds to the bare process."""
import json
import os
import time

from figures import Row, median


def measure(world, count):
    command = "/bin/true"
    if not os.path.exists(command):
        command = "/usr/bin/true"
    folders = [job(world, number, command) for number in range(count)]
    bare, supervised = [], []
    for folder in folders:
        bare.append(spawn([command]))
        supervised.append(spawn([world.binary, "step", folder]))
        with open(f"{folder}/exit.json") as file:
            cause = json.load(file)["cause"]
        assert cause == {"exited": {"_0": 0}}, cause
    return [
        Row("a local step of `true`, over the bare process", median(supervised) - median(bare),
            budget=5, note=f"{count} steps"),
        Row("a local step of `true`, whole", median(supervised), peer="the bare process",
            peer_figure=median(bare)),
    ]


def job(world, number, command):
    """A folder as the daemon makes it for one attempt at a step."""
    folder = world.folder / "jobs" / str(number)
    for part in ("output", "tmp"):
        (folder / part).mkdir(parents=True)
    (folder / "job.json").write_text(json.dumps({
        "key": f"measured {number}", "folder": str(folder), "command": [command],
        "workingFolder": str(folder), "environment": {"PATH": os.defpath},
        "timeoutSeconds": 60}))
    return str(folder)


def spawn(command):
    """How long a process lasts, in milliseconds, from asking for it to having waited for it."""
    began = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ)
    _, status = os.waitpid(pid, 0)
    took = (time.perf_counter() - began) * 1000
    assert status == 0, f"{command}: status {status}"
    return took
