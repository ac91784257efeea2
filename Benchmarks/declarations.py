"""The files of the small models that are measured."""
import hashlib

ENVIRONMENT = """\
description: The gateway on this machine
target: local
gateway: {listen: 127.0.0.1:0}
keep_resident: 1
"""

# A runtime in forty lines: what is measured is the way to it, not the model.
SERVER = '''\
import http.server, os
BODY = b'{"predictions": [%s]}' % open("model/number", "rb").read().strip()

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = "Content-Type: application/json\\r\\nContent-Length: %d" % len(BODY)
        self.wfile.write(f"HTTP/1.1 200 OK\\r\\n{kind}\\r\\n\\r\\n".encode() + BODY)

    do_GET = do_POST = answer

    def log_message(self, *words):
        pass

class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

Server(("127.0.0.1", int(os.environ["SLIPWAY_PORT"])), Handler).serve_forever()
'''


def repository():
    return {
        "slipway.yaml": "branch: main\nreview: {approvals: 1}\n",
        "environments/production.yaml": ENVIRONMENT,
    }


def dataset():
    """A small table with its manifest, so that there is a data verdict to keep."""
    data = "x,y\n" + "".join(f"{n},{2 * n}\n" for n in range(1000))
    digest = hashlib.sha256(data.encode()).hexdigest()
    return {
        "data/numbers.csv": data,
        "datasets/numbers.yaml": (
            f"description: Numbers and their doubles\n"
            f"files:\n  - {{path: data/numbers.csv, sha256: {digest}, rows: 1000}}\n"
            f"columns:\n  - {{name: x, type: integer}}\n  - {{name: y, type: integer}}\n"),
    }


def clocked(number, clock):
    """A model whose only step writes the time at which it starts to the file `clock`."""
    return {
        "models/clocked/requirements.txt": "# nothing but Python itself\n",
        "models/clocked/model.yaml": f"""\
description: Says when its step starts
datasets: {{train: numbers}}
parameters: {{number: {number}}}
steps:
  train:
    run: >-
      date +%s%N > '{clock}.new'; mv '{clock}.new' '{clock}';
      echo {number} > "$SLIPWAY_OUTPUT/model";
      echo '{{"mse": 0.5}}' > "$SLIPWAY_OUTPUT/metrics.json"
    produces: [model, metrics.json]
evaluation: {{task: regression, metrics: metrics.json}}
promotion: {{mse: {{at_most: 1}}}}
""",
    }


def served(number, runtime="exec python3 model/server.py", files=None):
    """A model that serves its number."""
    return {
        "models/served/server.py": SERVER,
        "models/served/model.yaml": f"""\
description: Serves a number
parameters: {{number: {number}}}
steps:
  train:
    run: >-
      mkdir "$SLIPWAY_OUTPUT/model"; cp server.py "$SLIPWAY_OUTPUT/model/";
      echo {number} > "$SLIPWAY_OUTPUT/model/number";
      echo '{{"mse": 0.5}}' > "$SLIPWAY_OUTPUT/metrics.json"
    produces: [model, metrics.json]
evaluation: {{task: regression, metrics: metrics.json}}
promotion: {{mse: {{at_most: 1}}}}
serving:
  environment: production
  runtime:
    command: "{runtime}"
""",
    } | (files or {})


def chain(retries, limit):
    """Ten steps in a row; neither argument changes what any of them makes."""
    lines = [
        "description: Ten steps in a row", f"promotion: {{mse: {{at_most: {limit}}}}}",
        "evaluation: {task: regression, metrics: metrics.json}", "steps:"]
    for step in range(1, 11):
        run = f"echo {step} > \\\"$SLIPWAY_OUTPUT/model\\\""
        if step == 10:
            run += "; echo '{\\\"mse\\\": 0.5}' > \\\"$SLIPWAY_OUTPUT/metrics.json\\\""
        needs = f"needs: [step-{step - 1}], " if step > 1 else ""
        produces = "[model, metrics.json]" if step == 10 else "[model]"
        lines.append(
            f"  step-{step}: {{run: \"{run}\", {needs}produces: {produces}, retries: {retries}}}")
    return {"models/chain/model.yaml": "\n".join(lines) + "\n"}
