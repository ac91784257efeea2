"""The built-in runtime for scikit-learn models: Slipway's serving contract over HTTP/1.1.

It finds in its environment SLIPWAY_PORT (the port of 127.0.0.1 to listen on), SLIPWAY_MODEL (the
folder with model.joblib), SLIPWAY_MODEL_NAME and SLIPWAY_MODEL_VERSION. It needs Python 3.9 or
newer and the packages that the model needs (joblib, numpy, scikit-learn), and nothing else.

    GET  /v2/health/live          200 as soon as it listens
    GET  /v2/health/ready         200 once the model is loaded
    POST /v1/models/<m>:predict   {"instances": [...]} -> {"predictions": [...]}
                                  {"inputs": ...}      -> {"outputs": ...}
    GET  /v2/models/<m>           what goes in and comes out
    POST /v2/models/<m>/infer     tensors of FP64, FP32 or INT64

What is wrong with a request is answered 400 {"error": "..."}; a value that is not finite is given
as null, because JSON has no NaN.
"""

import json
import math
import os
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BODY_BYTES_MAX = 64 << 20
LOADABLE = (".joblib", ".pkl", ".pickle")
TENSOR_TYPES = {"FP64": "float64", "FP32": "float32", "INT64": "int64"}


class BadRequest(Exception):
    """Something in the request is wrong; the text says what, for the person who sent it."""


# The model


def find_model(folder):
    """Returns the path of model.joblib, or of the only loadable file, in folder or folder/model."""
    folder = Path(folder)
    for place in (folder, folder / "model"):
        if not place.is_dir():
            continue
        if (place / "model.joblib").is_file():
            return place / "model.joblib"
        found = sorted(p for p in place.iterdir() if p.is_file() and p.suffix in LOADABLE)
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(p.name for p in found)
            raise SystemExit(f"more than one model in {place}: {names}; name one model.joblib")
    raise SystemExit(f"no model.joblib in {folder}")


class Model:
    """A fitted estimator, and how requests become its rows."""

    def __init__(self, path, name, version):
        import joblib
        import numpy

        self.numpy = numpy
        self.name = name
        self.version = version
        self.estimator = joblib.load(path)
        if not hasattr(self.estimator, "predict"):
            raise SystemExit(f"{path} holds a {type(self.estimator).__name__}: no predict method")
        names = getattr(self.estimator, "feature_names_in_", None)
        self.names = None if names is None else [str(n) for n in names]
        self.width = getattr(self.estimator, "n_features_in_", None)
        self.takes_text = "text" in self.input_tags()

    def input_tags(self):
        """Returns the kinds of input that the estimator says it takes besides numbers."""
        first = self.estimator
        while hasattr(first, "steps"):
            first = first.steps[0][1]
        module = type(first).__module__
        return {"text"} if module.startswith("sklearn.feature_extraction.text") else set()

    def rows(self, instances):
        """Returns what the estimator's predict takes for the instances of a request."""
        if not isinstance(instances, list):
            raise BadRequest('"instances" must be a list with one entry for each prediction')
        if not instances:
            raise BadRequest('"instances" is empty')
        if self.takes_text:
            if not all(isinstance(text, str) for text in instances):
                raise BadRequest("each instance must be a text for this model")
            return instances
        if all(isinstance(row, dict) for row in instances):
            return self.rows_by_name(instances)
        return self.rows_by_position(instances)

    def rows_by_name(self, instances):
        if self.names is None:
            raise BadRequest("this model was trained without feature names: send lists of numbers")
        wanted = set(self.names)
        for number, row in enumerate(instances):
            missing = [name for name in self.names if name not in row]
            extra = sorted(str(name) for name in row if name not in wanted)
            if missing or extra:
                wrong = [f"lacks {quoted(missing)}"] if missing else []
                wrong += [f"has unknown {quoted(extra)}"] if extra else []
                raise BadRequest(f"instance {number} {' and '.join(wrong)}")
        return self.frame([[row[name] for name in self.names] for row in instances])

    def rows_by_position(self, instances):
        width = self.width
        for number, row in enumerate(instances):
            if not isinstance(row, list):
                kind = type(row).__name__
                raise BadRequest(f"instance {number} must be a list of values, not {kind}")
            width = len(row) if width is None else width
            if len(row) != width:
                raise BadRequest(f"instance {number} has {len(row)} values; expected {width}")
        return self.frame(instances) if self.names else self.matrix(instances)

    def matrix(self, rows):
        try:
            array = self.numpy.asarray(rows)
            if array.dtype.kind in "fiub" and self.numpy.isfinite(array).all():
                return array.astype("float64", copy=False)
        except (ValueError, OverflowError):
            pass
        raise BadRequest(self.what_is_wrong(rows))

    def what_is_wrong(self, rows):
        """Looks for the first value that is no finite number, one by one."""
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                place = f"instance {number}, value {column}"
                if not isinstance(value, (int, float)):
                    return f"{place} is not a number: {json.dumps(value)[:40]}"
                if isinstance(value, float) and not math.isfinite(value):
                    return f"{place} is not finite"
        return "the instances are not numbers that the model can take"

    def frame(self, rows):
        """Returns rows with their names where pandas is there, else as plain numbers."""
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, float) and not math.isfinite(value):
                    raise BadRequest(
                        f"instance {number}, {self.names[column]} is not finite")
        try:
            import pandas
        except ImportError:
            return self.matrix(rows)
        return pandas.DataFrame(rows, columns=self.names)

    def predict(self, rows):
        try:
            return self.estimator.predict(rows)
        except (ValueError, TypeError) as error:
            raise BadRequest(f"the model cannot predict this: {one_line(error)}") from error

    def metadata(self):
        width = -1 if self.width is None else int(self.width)
        return {
            "name": self.name,
            "versions": [self.version],
            "platform": "sklearn",
            "inputs": [{"name": "input", "datatype": "FP64", "shape": [-1, width]}],
            "outputs": [{"name": "output", "datatype": "FP64", "shape": [-1]}],
        }


def one_line(error):
    return " ".join(str(error).split())[:400]


def quoted(names):
    shown = ", ".join(f"`{name[:60]}`" for name in names[:10])
    return shown if len(names) <= 10 else f"{shown} and {len(names) - 10} more"


# The two protocols


def columns_to_rows(inputs):
    """Returns the rows of the column form: a list, or an object of equally long lists."""
    if not isinstance(inputs, dict):
        return inputs
    if not inputs or not all(isinstance(column, list) for column in inputs.values()):
        raise BadRequest('"inputs" must be a list, or an object of lists')
    lengths = {len(column) for column in inputs.values()}
    if len(lengths) != 1:
        raise BadRequest(f'the lists in "inputs" have different lengths: {sorted(lengths)}')
    if len(inputs) == 1 and all(isinstance(v, list) for v in next(iter(inputs.values()))):
        return next(iter(inputs.values()))
    return [dict(zip(inputs, values)) for values in zip(*inputs.values())]


def predict(model, request):
    """TensorFlow Serving's REST predict."""
    if "instances" in request and "inputs" in request:
        raise BadRequest('send "instances" or "inputs", not both')
    if "instances" in request:
        return {"predictions": plain(model.predict(model.rows(request["instances"])))}
    if "inputs" in request:
        rows = model.rows(columns_to_rows(request["inputs"]))
        return {"outputs": plain(model.predict(rows))}
    raise BadRequest('the request has neither "instances" nor "inputs"')


def infer(model, request):
    """The Open Inference Protocol's infer."""
    tensors = request.get("inputs")
    if not isinstance(tensors, list) or len(tensors) != 1 or not isinstance(tensors[0], dict):
        raise BadRequest('"inputs" must be a list with one tensor')
    matrix = tensor_matrix(model, tensors[0])
    rows = matrix
    if model.names:
        rows = model.frame(matrix.tolist())
    answer = {"model_name": model.name, "model_version": model.version}
    if "id" in request:
        answer["id"] = request["id"]
    answer["outputs"] = [output_tensor(model, model.predict(rows), request.get("outputs"))]
    return answer


def tensor_matrix(model, tensor):
    datatype = tensor.get("datatype")
    if datatype not in TENSOR_TYPES:
        raise BadRequest(f"datatype {json.dumps(datatype)[:40]} is not one of FP64, FP32, INT64")
    shape = tensor.get("shape")
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise BadRequest('"shape" must be a list of whole numbers')
    if len(shape) != 2 or shape[0] == 0:
        raise BadRequest(f"the shape must be [rows, values] with at least one row, not {shape}")
    if model.width is not None and shape[1] != model.width:
        raise BadRequest(f"the shape is {shape}; this model takes {model.width} values a row")
    try:
        values = model.numpy.asarray(tensor.get("data"), dtype=TENSOR_TYPES[datatype])
    except (ValueError, TypeError, OverflowError) as error:
        raise BadRequest(f'"data" is not {datatype}: {one_line(error)}') from error
    if values.size != shape[0] * shape[1]:
        raise BadRequest(f'"data" has {values.size} values; the shape {shape} says otherwise')
    if not model.numpy.isfinite(values).all():
        raise BadRequest('"data" has a value that is not finite')
    return values.reshape(shape)


def output_tensor(model, values, wanted):
    name = "output"
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], dict):
        name = str(wanted[0].get("name", name))
    array = model.numpy.asarray(values)
    kinds = {"f": "FP64", "i": "INT64", "u": "UINT64", "b": "BOOL"}
    datatype = kinds.get(array.dtype.kind, "BYTES")
    data = plain(array.reshape(-1))
    if datatype == "BYTES":
        data = [value if isinstance(value, str) else str(value) for value in data]
    return {"name": name, "datatype": datatype, "shape": list(array.shape), "data": data}


def plain(values):
    """Returns predictions as JSON can say them: a number that is not finite becomes null."""
    if hasattr(values, "tolist"):
        values = values.tolist()
    if isinstance(values, (list, tuple)):
        return [plain(value) for value in values]
    if isinstance(values, float) and not math.isfinite(values):
        return None
    if isinstance(values, (str, int, float, bool)) or values is None:
        return values
    return str(values)


# The server


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", port), Handler)
        self.model = None
        self.busy = 0
        self.lock = threading.Lock()

    def change_busy(self, by):
        with self.lock:
            self.busy += by

    def server_bind(self):
        # Because the standard one asks the resolver for this machine's name, which can be slow.
        socket.socket.setsockopt(self.socket, socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address

    def handle_error(self, request, client_address):
        # Because a client that goes away is no news.
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "slipway-sklearn"
    sys_version = ""
    wbufsize = -1
    timeout = 120
    disable_nagle_algorithm = True

    def version_string(self):
        return self.server_version

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.respond(self.get)

    def do_POST(self):
        self.respond(self.post)

    def respond(self, make):
        self.server.change_busy(1)
        try:
            try:
                status, body = make()
            except BadRequest as error:
                status, body = 400, {"error": str(error)}
            except Exception as error:
                text = f"{type(error).__name__}: {one_line(error)}"
                print(f"{self.path}: {text}", file=sys.stderr)
                status, body = 500, {"error": text}
            self.send(status, body)
        finally:
            self.server.change_busy(-1)

    def send(self, status, body):
        data = json.dumps(body, allow_nan=False, separators=(",", ":")).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def get(self):
        model = self.server.model
        path = self.path.split("?")[0]
        if path == "/v2/health/live":
            return 200, {"live": True}
        if path in ("/v2/health/ready", f"/v2/models/{os.environ['SLIPWAY_MODEL_NAME']}/ready"):
            return (200, {"ready": True}) if model else (503, {"ready": False})
        if model and path == f"/v2/models/{model.name}":
            return 200, model.metadata()
        return 404, {"error": f"no such path: {path[:200]}"}

    def post(self):
        body = self.read_body()
        model = self.server.model
        if model is None:
            return 503, {"error": "the model is still being loaded"}
        answers = {
            f"/v1/models/{model.name}:predict": predict,
            f"/v2/models/{model.name}/infer": infer,
        }
        answer = answers.get(self.path.split("?")[0])
        if answer is None:
            return 404, {"error": f"no such path: {self.path[:200]}"}
        return 200, answer(model, parse(body))

    def read_body(self):
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            length = -1
        if not 0 <= length <= BODY_BYTES_MAX:
            # Because what follows cannot be told apart from the next request.
            self.close_connection = True
            raise BadRequest(f"Content-Length must be from 0 to {BODY_BYTES_MAX}")
        body = self.rfile.read(length)
        if len(body) != length:
            raise ConnectionResetError("the request ended early")
        return body


def parse(body):
    def refuse(text):
        raise BadRequest(f"the request has {text}, which is not JSON and not finite")

    try:
        request = json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"the request is not JSON: {one_line(error)}") from error
    if not isinstance(request, dict):
        raise BadRequest("the request must be a JSON object")
    return request


# Its life


def die_with_parent():
    """Ends this process when the one that started it ends, however that ends.

    Because Linux's own signal for it (PR_SET_PDEATHSIG) is sent when the *thread* that started us
    ends, and a server's threads come and go, the parent's process id is watched instead.
    """
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main():
    port = int(os.environ["SLIPWAY_PORT"])
    name = os.environ["SLIPWAY_MODEL_NAME"]
    version = os.environ["SLIPWAY_MODEL_VERSION"]
    die_with_parent()
    # Because this file's own folder must not hide the package `sklearn`, and modules that the
    # model's pickle names may lie beside it.
    sys.path[0] = os.environ["SLIPWAY_MODEL"]
    server = Server(port)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    server.model = Model(find_model(os.environ["SLIPWAY_MODEL"]), name, version)
    print(f"{name} {version} is loaded", file=sys.stderr)
    stopping.wait()
    server.shutdown()
    deadline = time.monotonic() + 30
    while server.busy and time.monotonic() < deadline:
        time.sleep(0.01)
    os._exit(0)


if __name__ == "__main__":
    main()
