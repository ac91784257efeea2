"""The gateway beside nginx as a proxy, in front of the same upstream and on the same core."""
import http.client
import os
import re
import socket
import subprocess

import declarations
import peers
from figures import Row, median
from world import cpu_seconds

# nginx answers at once, so that the proxy in front of it is what is measured.
UPSTREAM = """\
cd '{folder}' && echo $SLIPWAY_PORT > upstream.port && mkdir -p up &&
sed s/PORT/$SLIPWAY_PORT/ upstream.conf > upstream.own &&
exec {taskset}{nginx} -p '{folder}/up/' -e stderr -c '{folder}/upstream.own'
"""
COMMON = """\
daemon off; worker_processes 1; master_process off; pid {folder}/{name}.run; error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {folder}/{name}-body; proxy_temp_path {folder}/{name}-proxy;
  fastcgi_temp_path {folder}/{name}-fastcgi; uwsgi_temp_path {folder}/{name}-uwsgi;
  scgi_temp_path {folder}/{name}-scgi;
"""
ANSWER = """\
  server { listen 127.0.0.1:PORT;
    location / { default_type application/json; return 200 '{"predictions": [1]}'; } }
}
"""
PROXY = """\
  upstream model { server 127.0.0.1:%s; keepalive 128; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:%s;
    location / { proxy_pass http://model; proxy_http_version 1.1;
      proxy_set_header Connection ""; } }
}
"""
ASK = """\
wrk.method = "POST"
wrk.body = '{"instances": [[1]]}'
wrk.headers["Content-Type"] = "application/json"
function done(summary, latency, requests)
  io.write(string.format("FIGURES %d %d %d %.1f %.1f\\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read
      + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""
SECONDS = 3
CONNECTIONS = 16


def measure(world):
    wrk, nginx = peers.tool("wrk"), peers.tool("nginx")
    if not wrk or not nginx:
        missing = " and ".join(
            name for name, path in (("wrk", wrk), ("nginx", nginx)) if not path)
        return [Row(
            "gateway: requests per second", unit="/s", peer="nginx",
            note=f"not measured: {missing} not installed")]
    proxy_core, other_core = cores()
    prepare(world, nginx, proxy_core, other_core)
    upstream = int((world.folder / "upstream.port").read_text())
    port = start_proxy(world, nginx, upstream, proxy_core)
    gateway = world.gateway().port
    targets = {
        "direct": (upstream, None), "nginx": (port, world.processes["proxy"].pid),
        "gateway": (gateway, world.processes["serve"].pid)}
    busy, calm = {}, {}
    for connections, results, turns in ((CONNECTIONS, busy, 3), (1, calm, 3)):
        for _ in range(turns):
            for name, (target, pid) in targets.items():
                results.setdefault(name, []).append(
                    load(world, wrk, target, pid, connections, other_core))
    return rows(busy, calm)


def cores():
    """The prefixes of a command for the measured proxy's core and for all others."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2 or not peers.tool("taskset"):
        return [], []
    return (
        ["taskset", "-c", str(usable[0])],
        ["taskset", "-c", ",".join(map(str, usable[1:]))])


def prepare(world, nginx, proxy_core, other_core):
    taskset = " ".join(other_core) + " " if other_core else ""
    (world.folder / "upstream.conf").write_text(
        COMMON.format(folder=world.folder, name="upstream") + ANSWER)
    (world.folder / "upstream.sh").write_text(
        UPSTREAM.format(folder=world.folder, nginx=nginx, taskset=taskset))
    world.write(declarations.repository())
    world.write(declarations.served(1, runtime=f"exec /bin/sh {world.folder}/upstream.sh"))
    world.start_daemon()
    world.start_serve(prefix=proxy_core)
    world.commit("served: nginx as a model")
    world.push()
    world.until_phase("served", "waiting-for-review")
    world.approve("served")
    world.until(lambda: answers(world.gateway().port), "the gateway to answer", 60)


def answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", "/v1/models/served:predict", b'{"instances": [[1]]}')
    return connection.getresponse().status == 200


def start_proxy(world, nginx, upstream, core):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (world.folder / "proxy.conf").write_text(
        COMMON.format(folder=world.folder, name="proxy") + PROXY % (upstream, port))
    with open(world.folder / "proxy.log", "ab") as log:
        world.processes["proxy"] = subprocess.Popen(
            [*core, nginx, "-p", f"{world.folder}/", "-e", "stderr", "-c",
             f"{world.folder}/proxy.conf"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    world.until(lambda: answers(port), "nginx to answer", 30)
    return port


def load(world, wrk, port, pid, connections, core):
    script = world.folder / "ask.lua"
    script.write_text(ASK)
    before = cpu_seconds(pid) if pid else 0
    text = world.call(
        *core, wrk, "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", script,
        f"http://127.0.0.1:{port}/v1/models/served:predict")
    figures = re.search(r"FIGURES (\d+) (\d+) (\d+) (\S+) (\S+)", text).groups()
    requests, microseconds, errors, p50, p99 = map(float, figures)
    assert errors == 0, f"{errors:.0f} of {requests:.0f} requests failed"
    used = (cpu_seconds(pid) - before) if pid else 0
    return {
        "rate": requests / microseconds * 1e6, "cpu": used / requests * 1e6,
        "p50": p50 / 1000, "p99": p99 / 1000}


def rows(busy, calm):
    def of(results, name, figure):
        return median([result[figure] for result in results[name]])

    note = f"{CONNECTIONS} connections, direct {of(busy, 'direct', 'rate'):,.0f} /s"
    over = of(calm, "gateway", "p99") - of(calm, "direct", "p99")
    return [
        Row("gateway: requests per second", of(busy, "gateway", "rate"), "/s",
            budget=of(busy, "nginx", "rate"), peer="nginx",
            peer_figure=of(busy, "nginx", "rate"), more_is_better=True, note=note),
        Row("gateway: processor time per request", of(busy, "gateway", "cpu"), "µs",
            peer="nginx", peer_figure=of(busy, "nginx", "cpu")),
        Row("gateway: p99 over direct, one connection", over, "ms", budget=1, peer="nginx",
            peer_figure=of(calm, "nginx", "p99") - of(calm, "direct", "p99")),
    ]
