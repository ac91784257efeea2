import Domain
import FoundationEssentials
import Host
import Synchronization
import TestKit
import Testing
import Transfer

/// A server in Python that runs as our child on a port that the system picked.
final class ReportingServer: Sendable {
    let port: Int
    private let client = HTTPClient(userAgent: "test")

    private init(port: Int) { self.port = port }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Runs `body` beside the script, which prints its port first; it is stopped afterwards.
    static func with<Value>(
        _ script: String, _ arguments: [String], _ body: (ReportingServer) async throws -> Value
    ) async throws -> Value {
        let place = FirstLine()
        let child = Task {
            try await ChildProcess.run(
                "python3", ["-c", script] + arguments, outputLimitBytes: 1 << 20,
                deadlineSeconds: 600
            ) { place.keep($0) }
        }
        defer { child.cancel() }
        let end = monotonicSeconds() + patienceSeconds
        while place.line == nil, monotonicSeconds() < end {
            try await Task.sleep(for: .milliseconds(5))
        }
        let port = try #require(place.line.flatMap { Int($0) })
        let value = try await body(ReportingServer(port: port))
        child.cancel()
        _ = await child.result
        return value
    }

    /// Runs `body` beside a forge that keeps statuses and comments; it also takes webhooks at
    /// `/hook/<name>`, whose signature it checks with `secret`.
    static func forge<Value>(
        _ kind: String, token: String = "t0ken-value", secret: String = "",
        _ body: (ReportingServer) async throws -> Value
    ) async throws -> Value {
        try await with(forgeScript, [kind, token, secret], body)
    }

    /// Tells the server how to behave.
    func tell(_ what: String, _ content: String) async throws {
        let answer = try await client.send(
            HTTPRequest(.post, "\(url)/_test/\(what)", body: Array(content.utf8)))
        try #require(answer.status == 200)
    }

    /// Lets the next `times` requests whose method and path hold `match` fail.
    ///
    /// `how` is a status; `hang` and `drop` do what was asked and do not answer, `swallow` answers
    /// and does nothing.
    func fail(
        _ match: String, _ how: String, times: Int, headers: [String: String] = [:]
    ) async throws {
        let pairs = headers.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ")
        try await tell(
            "fault",
            """
            {"match": "\(match)", "how": "\(how)", "left": \(times), "headers": {\(pairs)}}
            """)
    }

    struct State: Decodable {
        struct Status: Decodable, Hashable {
            var sha: String
            var context: String
            var state: String
            var description: String?
        }
        struct Comment: Decodable, Hashable {
            var id: Int
            var number: Int
            var author: String
            var body: String
        }
        struct Hook: Decodable, Hashable {
            var name: String
            var id: String?
            var key: String?
            var body: String
            var valid: Bool
        }
        /// What is shown: the newest of each commit and context.
        var shown: [Status]
        /// Everything that was taken, in its order.
        var history: [Status]
        var comments: [Comment]
        var hooks: [Hook]
        /// Method and path of every request, in its order.
        var asked: [String]
    }

    func state() async throws -> State {
        let answer = try await client.send(HTTPRequest(.get, "\(url)/_test/state"))
        return try JSONDecoder().decode(State.self, from: Data(answer.body))
    }

    /// Stage to state, of what is shown for a commit and a model.
    func shown(_ commit: CommitID, model: String = "m") async throws -> [String: String] {
        var found: [String: String] = [:]
        for status in try await state().shown
        where status.sha == commit.hex && status.context.contains("/\(model)/") {
            found[String(status.context.split(separator: "/").last ?? "")] = status.state
        }
        return found
    }
}

/// The first line that a child prints.
private final class FirstLine: Sendable {
    private let text = Mutex<String?>(nil)

    var line: String? { text.withLock(\.self) }

    func keep(_ line: String) { text.withLock { $0 = $0 ?? line } }
}

private let forgeScript = #"""
    import base64, hashlib, hmac, http.server, json, socketserver, sys, threading, time
    import urllib.parse
    kind, token, secret = sys.argv[1:4]
    lock = threading.Lock()
    history, comments, hooks, asked, faults, pulls = [], [], [], [], [], []
    words = {"github": ["error", "failure", "pending", "success"],
             "gitlab": ["pending", "running", "success", "failed", "canceled", "skipped"],
             "gitea": ["pending", "success", "error", "failure", "warning"]}[kind]

    def shown():
        newest = {}
        for entry in history:
            newest[(entry["sha"], entry["context"].lower())] = entry
        return list(newest.values())

    # GitLab keeps a machine of states; one that is over is followed by another.
    events = {"pending": "enqueue", "running": "run", "success": "success", "failed": "drop",
              "canceled": "cancel", "skipped": "skip"}

    def transition(old, new):
        return not (old == new or (old, new) == ("running", "pending"))

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_):
            pass

        def answer(self, status, value, headers={}):
            body = json.dumps(value).encode()
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def serve(self):
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            url = urllib.parse.urlsplit(self.path)
            if url.path.startswith("/_test/"):
                return self.control(url.path[7:], sent)
            line = f"{self.command} {self.path}"
            with lock:
                asked.append(line)
                fault = next((f for f in faults if f["match"] in line and f["left"] > 0), None)
                if fault:
                    fault["left"] -= 1
            how = fault["how"] if fault else ""
            if how.isdigit():
                return self.answer(int(how), {"message": "told to fail"}, fault["headers"])
            if how == "swallow":
                return self.answer(201, {})
            with lock:
                status, value = self.act(url, sent)
            if how == "hang":
                time.sleep(30)
            if how in ("hang", "drop"):
                self.close_connection = True
                return
            self.answer(status, value, fault["headers"] if fault else {})

        def control(self, what, sent):
            with lock:
                if what == "fault":
                    faults.append(json.loads(sent))
                elif what == "pull":
                    pull = json.loads(sent)
                    pulls[:] = [p for p in pulls if p["number"] != pull["number"]] + [pull]
                elif what == "comment":
                    comments.append(json.loads(sent) | {"id": len(comments) + 1})
                self.answer(200, {"shown": shown(), "history": history, "comments": comments,
                                  "hooks": hooks, "asked": asked})

        def act(self, url, sent):
            if url.path.startswith("/hook/"):
                return self.hook(url.path[6:], sent)
            mine = {"github": ("Authorization", "Bearer "), "gitea": ("Authorization", "token "),
                    "gitlab": ("PRIVATE-TOKEN", "")}[kind]
            if self.headers.get(mine[0]) != mine[1] + token:
                return 401, {"message": "Bad credentials " + str(self.headers.get(mine[0]))}
            value = json.loads(sent) if sent else {}
            ask = dict(urllib.parse.parse_qsl(url.query))
            path = urllib.parse.unquote(url.path)
            if path == "/user":
                name = "username" if kind == "gitlab" else "login"
                return 200, {name: "slipway-bot"}
            base = "/projects/lab/models/" if kind == "gitlab" else "/repos/lab/models/"
            if not path.startswith(base):
                return 404, {"message": "Not Found"}
            parts = path[len(base):].split("/")
            if parts[0] == "statuses" and self.command == "POST":
                return self.post(parts[1], value)
            if parts[-1] == "status" or parts[-1] == "statuses":
                return self.read(parts[-2], ask)
            if parts[-1] in ("pulls", "merge_requests"):
                return 200, self.pulls(parts, ask)
            return self.comment(parts, value)

        def post(self, sha, value):
            context = value.get("name" if kind == "gitlab" else "context")
            state, about = value.get("state"), value.get("description") or ""
            if not context or state not in words or len(about.encode("utf-16-le")) > 280:
                return 422, {"message": "Validation Failed"}
            if kind == "gitlab":
                old = next((e for e in shown() if e["sha"] == sha and e["context"] == context
                            and e["state"] in ("pending", "running")), None)
                if old and not transition(old["state"], state):
                    return 400, {"message": f"Cannot transition status via :{events[state]} from "
                                            f":{old['state']} (Reason(s): Status cannot "
                                            f"transition via \"{events[state]}\")"}
            history.append({"sha": sha, "context": context, "state": state,
                            "description": value.get("description"), "id": len(history) + 1})
            return 201, history[-1]

        def read(self, sha, ask):
            found = [e for e in shown() if e["sha"] == sha]
            size = int(ask.get("limit" if kind == "gitea" else "per_page", 30))
            start = (int(ask.get("page", 1)) - 1) * size
            if kind == "gitlab":
                return 200, [{"id": e["id"], "name": e["context"], "status": e["state"]}
                             for e in found if ask.get("name") in (None, e["context"])
                             ][start:start + size]
            name = "status" if kind == "gitea" else "state"
            return 200, {"state": "pending", "statuses": [
                {"id": e["id"], "context": e["context"], name: e["state"]}
                for e in found][start:start + size]}

        def pulls(self, parts, ask):
            found = pulls if kind == "gitea" else [p for p in pulls if p["head"] == parts[-2]]
            if kind == "gitea":
                found = [p for p in found if p["open"]]
            if ask.get("page", "1") != "1":
                return []
            if kind == "gitlab":
                return [{"iid": p["number"], "state": "opened" if p["open"] else "merged",
                         "sha": p["head"]} for p in found]
            return [{"number": p["number"], "state": "open" if p["open"] else "closed",
                     "head": {"sha": p["head"]}} for p in found]

        def comment(self, parts, value):
            person = "author" if kind == "gitlab" else "user"
            name = "username" if kind == "gitlab" else "login"
            if self.command == "GET":
                number = int(parts[1])
                return 200, [{"id": c["id"], "body": c["body"], person: {name: c["author"]}}
                             for c in comments if c["number"] == number]
            if self.command == "POST":
                comments.append({"id": len(comments) + 1, "number": int(parts[1]),
                                 "author": "slipway-bot", "body": value["body"]})
                return 201, {"id": len(comments)}
            if self.command in ("PATCH", "PUT"):
                found = next(c for c in comments if c["id"] == int(parts[-1]))
                if found["author"] != "slipway-bot":
                    return 403, {"message": "not yours"}
                found["body"] = value["body"]
                return 200, {"id": found["id"]}
            return 404, {"message": "Not Found"}

        def hook(self, name, sent):
            ident, moment = self.headers.get("webhook-id"), self.headers.get("webhook-timestamp")
            valid = False
            if secret and ident and moment:
                key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") \
                    else secret.encode()
                content = f"{ident}.{moment}.".encode() + sent
                want = "v1," + base64.b64encode(
                    hmac.new(key, content, hashlib.sha256).digest()).decode()
                given = (self.headers.get("webhook-signature") or "").split(" ")
                valid = want in given and abs(time.time() - int(moment)) < 100_000
            hooks.append({"name": name, "id": ident, "key": self.headers.get("idempotency-key"),
                          "body": sent.decode(), "valid": valid})
            return 200, {}

        do_GET = do_POST = do_PUT = do_PATCH = serve

    class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#
