"""A run of ten steps in which nothing has to be done, beside `dvc repro` with the same stages."""
import time

import declarations
import peers
from figures import Row, median


def measure(world, count, tools):
    world.write(declarations.repository() | declarations.chain(retries=0, limit=1))
    world.start_daemon()
    world.commit("chain: first")
    world.push()
    world.until_phase("chain", "waiting-for-review")
    steps, known = [], []
    for turn in range(1, count + 1):
        # Another number of retries is another candidate, whose steps all make the same.
        steps.append(one_run(world, declarations.chain(retries=turn % 10 + 1, limit=1 + turn)))
    for turn in range(1, count + 1):
        known.append(one_run(
            world, declarations.chain(retries=count % 10 + 1, limit=100 + turn)))
    peer = repro(world, tools)
    ran = [entry["run"] for entry in steps if entry["run"] is not None]
    again = [entry["run"] for entry in known if entry["run"] is not None]
    note = f"{count} commits"
    rows = [
        Row("10 steps, all cached: the run", median(ran) if ran else None, budget=20,
            peer="dvc repro", peer_figure=peer, note=note),
        Row("10 steps, all cached: git push starts → waiting for review",
            median([entry["push"] for entry in steps]), peer="dvc repro", peer_figure=peer),
    ]
    if again:
        rows.append(Row(
            "known candidate, another threshold: the run", median(again), budget=20,
            peer="dvc repro", peer_figure=peer))
    rows.append(Row(
        "known candidate, another threshold: git push starts → waiting for review",
        median([entry["push"] for entry in known]), peer="dvc repro", peer_figure=peer,
        note=note if again else f"{note}, no run is needed"))
    return rows


def one_run(world, files):
    """Pushes a commit; how long its run took by the journal, and the whole way, in ms."""
    before = newest(world)
    world.write(files)
    head = world.commit("chain: nothing that a step sees")
    began, _ = world.push()

    def decided():
        status = world.api.get("/api/v1/models/chain")
        return status["head"] == head and status["phase"] == "waiting-for-review"

    world.until(decided, "the cached run", 30, pause=0.001)
    took = (time.time() - began) * 1000
    run = newest(world)
    if run["id"] == before["id"]:
        return {"push": took, "run": None}
    states = {step["state"] for step in run["steps"]}
    assert states == {"cached"}, f"{run['id']}: steps are {states}"
    return {"push": took, "run": run["endedAt"] - run["startedAt"]}


def newest(world):
    return world.api.get("/api/v1/runs?model=chain&limit=1")[0]


def repro(world, tools):
    """The median of `dvc repro` where nothing changed, in milliseconds."""
    if tools is None:
        return None
    folder = world.folder / "dvc"
    folder.mkdir()
    stages = ["stages:"]
    for step in range(1, 11):
        needs = f"    deps: [out-{step - 1}]\n" if step > 1 else ""
        stages.append(
            f"  step-{step}:\n    cmd: echo {step} > out-{step}\n{needs}    outs: [out-{step}]")
    (folder / "dvc.yaml").write_text("\n".join(stages) + "\n")
    environment = peers.dvc_environment()
    world.call("git", "init", "--quiet", folder)
    for command in (["init", "--quiet"], ["repro", "--quiet"]):
        peers.timed([tools / "dvc", *command], folder, environment)
    took = []
    for _ in range(5):
        milliseconds, text = peers.timed([tools / "dvc", "repro"], folder, environment)
        assert "up to date" in text or "didn't change" in text, text
        took.append(milliseconds)
    return median(took)
