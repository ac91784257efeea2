import Domain
import Host
import Synchronization
import TestKit
import Testing

/// A server in Python that runs as our child on a port that the system picked.
final class Server: Sendable {
    let port: Int
    private let scratch: Scratch

    private init(port: Int, scratch: Scratch) {
        self.port = port
        self.scratch = scratch
    }

    /// What it was asked, in order; it notes each before it answers.
    var lines: [String] {
        // Because without a file nothing was asked.
        let text = (try? scratch.read("asked")) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Runs `body` beside a server that is stopped afterwards.
    static func with<Value>(
        _ script: String, _ arguments: [String], _ body: (Server) async throws -> Value
    ) async throws -> Value {
        let scratch = try Scratch()
        let first = FirstLine()
        let child = Task {
            try await ChildProcess.run(
                "python3", ["-c", script, scratch.path("asked")] + arguments,
                outputLimitBytes: 1 << 20, deadlineSeconds: 300
            ) { line in first.keep(line) }
        }
        defer { child.cancel() }
        var port: Int?
        let end = monotonicSeconds() + patienceSeconds
        while port == nil, monotonicSeconds() < end {
            try await Task.sleep(for: .milliseconds(5))
            port = first.line.flatMap { Int($0) }
        }
        let value = try await body(Server(port: try #require(port), scratch: scratch))
        child.cancel()
        _ = await child.result
        return value
    }
}

/// The first line that a child prints.
private final class FirstLine: Sendable {
    private let text = Mutex<String?>(nil)

    var line: String? { text.withLock(\.self) }

    func keep(_ line: String) { text.withLock { $0 = $0 ?? line } }
}

extension Server {
    /// Runs `body` beside an HTTP server, over TLS when it has a certificate.
    static func http<Value>(
        certificate: String = "", key: String = "", _ body: (Server) async throws -> Value
    ) async throws -> Value {
        try await with(httpScript, [certificate, key], body)
    }

    /// Runs `body` beside a mail server that puts what it gets into a folder.
    /// - Parameter faults: what it does wrong, a comma between each.
    static func mail<Value>(
        folder: String, security: String, faults: String = "", certificate: String = "",
        key: String = "", _ body: (Server) async throws -> Value
    ) async throws -> Value {
        try await with(mailScript, [folder, security, faults, certificate, key], body)
    }
}

private let httpScript = #"""
    import http.server, socketserver, ssl, sys, time, urllib.parse
    log, certificate, key = sys.argv[1:4]

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_):
            pass

        def answer(self, status, body=b"", headers=()):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def serve(self):
            url = urllib.parse.urlsplit(self.path)
            ask = dict(urllib.parse.parse_qsl(url.query))
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with open(log, "a") as file:
                file.write(f"{self.command} {self.path}\n")
            if url.path == "/echo":
                head = f"{self.command} {self.path}\n" + "".join(
                    f"{name.lower()}: {value}\n" for name, value in self.headers.items())
                self.answer(200, head.encode() + b"\n" + sent)
            elif url.path == "/slow":
                time.sleep(120)
            elif url.path == "/who":
                self.answer(200, str(self.client_address[1]).encode())
            elif url.path == "/big":
                self.answer(200, b"x" * int(ask["bytes"]))
            elif url.path == "/endless":
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                while True:
                    self.wfile.write(b"10000\r\n" + b"y" * 65536 + b"\r\n")
            elif url.path == "/head":
                self.answer(200, b"", [("X-Long", "z" * 60000)] * 8)
            elif url.path == "/cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b"only this")
                self.close_connection = True
            elif url.path == "/nothing":
                self.close_connection = True
            elif url.path == "/redirect":
                self.answer(int(ask.get("status", "302")), b"elsewhere",
                            [("Location", ask["to"])])
            elif url.path == "/twice":
                self.answer(207, b"", [("X-Thing", "one"), ("x-thing", " two ")])
            else:
                self.answer(404, b"no such thing")

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve

    class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
        daemon_threads = True
        request_queue_size = 128

        def finish_request(self, request, address):
            if certificate:
                request = context.wrap_socket(request, server_side=True)
            super().finish_request(request, address)

        def handle_error(self, *_):
            pass

    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#

private let mailScript = #"""
    import base64, os, socketserver, ssl, sys, time
    log, folder, security, faults, certificate, key = sys.argv[1:7]
    faults = faults.split(",")
    password = "correct horse"
    login = base64.b64encode(b"\0anna\0" + password.encode()).decode()

    class Session(socketserver.BaseRequestHandler):
        def say(self, *lines):
            self.socket.sendall("".join(line + "\r\n" for line in lines).encode())

        def encrypt(self):
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.file = self.socket.makefile("rb")

        def handle(self):
            self.socket = self.request
            self.file = self.socket.makefile("rb")
            secure = security == "tls"
            if secure:
                self.encrypt()
            if "silent" in faults:
                time.sleep(120)
            if "busy" in faults:
                return self.say("421 4.3.2 come back later")
            self.say("220 test ESMTP")
            user, envelope = "", []
            while line := self.file.readline():
                text = line.decode().rstrip("\r\n")
                verb = text.split(" ")[0].upper()
                with open(log, "a") as file:
                    file.write(f"{'secure' if secure else 'plain'} {verb}\n")
                if verb == "EHLO":
                    offers = ["AUTH PLAIN", "SIZE 10000000", "8BITMIME"]
                    if security == "startTLS" and not secure:
                        offers.append("STARTTLS")
                    self.say(*(f"250-{offer}" for offer in ["test"] + offers[:-1]),
                             f"250 {offers[-1]}")
                elif verb == "STARTTLS" and security == "startTLS":
                    self.say("220 go ahead")
                    self.encrypt()
                    secure = True
                elif verb == "AUTH":
                    given = text.split(" ")[2:]
                    if not given:
                        self.say("334 ")
                        given = [self.file.readline().decode().strip()]
                    if given[0] == login:
                        user = "anna"
                        self.say("235 welcome")
                    else:
                        plain = base64.b64decode(given[0]).decode().split("\0")[-1]
                        self.say(f"535 5.7.8 {given[0]} or {plain} is wrong")
                elif verb == "MAIL":
                    envelope.append(text)
                    self.say("451 4.3.0 the disk is full" if "full" in faults else "250 ok")
                elif verb == "RCPT":
                    envelope.append(text)
                    self.say("550 5.1.1 nobody here" if "nobody" in text else "250 ok")
                elif verb == "DATA":
                    if "hangup" in faults:
                        return
                    self.say("354 go on")
                    message = b""
                    while (line := self.file.readline()) not in (b".\r\n", b""):
                        message += line[1:] if line.startswith(b".") else line
                    if "spam" in faults:
                        self.say("554 5.7.1 this looks like spam")
                        continue
                    with open(f"{folder}/message", "wb") as file:
                        file.write(message)
                    with open(f"{folder}/envelope", "w") as file:
                        file.write(f"{user}\n" + "\n".join(envelope))
                    self.say("250 taken")
                elif verb == "QUIT":
                    return self.say("221 bye")
                else:
                    self.say("502 what?")

    class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
        daemon_threads = True

        def handle_error(self, *_):
            pass

    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    server = Server(("127.0.0.1", 0), Session)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#
