import Host

extension ReportingServer {
    /// Runs `body` beside a mail server that wants STARTTLS and the login `anna`, and files each
    /// mail as `<folder>/mail-<n>`.
    ///
    /// - Parameter losses: how many mails it takes without saying so.
    static func mail<Value>(
        folder: String, certificate: String, key: String, losses: Int = 0,
        _ body: (ReportingServer) async throws -> Value
    ) async throws -> Value {
        try await with(mailScript, [folder, certificate, key, "\(losses)"], body)
    }
}

private let mailScript = #"""
    import base64, socketserver, ssl, sys, threading
    folder, certificate, key, losses = sys.argv[1:5]
    left, count = [int(losses)], [0]
    lock = threading.Lock()
    login = base64.b64encode(b"\0anna\0correct horse").decode()

    class Session(socketserver.BaseRequestHandler):
        def say(self, *lines):
            self.socket.sendall("".join(line + "\r\n" for line in lines).encode())

        def handle(self):
            self.socket = self.request
            self.file = self.socket.makefile("rb")
            secure, known = False, False
            self.say("220 test ESMTP")
            while line := self.file.readline():
                text = line.decode().rstrip("\r\n")
                verb = text.split(" ")[0].upper()
                if verb == "EHLO":
                    self.say("250-test", "250-AUTH PLAIN",
                             "250 8BITMIME" if secure else "250 STARTTLS")
                elif verb == "STARTTLS":
                    self.say("220 go ahead")
                    self.socket = context.wrap_socket(self.socket, server_side=True)
                    self.file = self.socket.makefile("rb")
                    secure = True
                elif verb == "AUTH":
                    given = text.split(" ")[2:]
                    if not given:
                        self.say("334 ")
                        given = [self.file.readline().decode().strip()]
                    known = given[0] == login
                    self.say("235 welcome" if known else f"535 5.7.8 {given[0]} is wrong")
                elif not (secure and known) and verb in ("MAIL", "RCPT", "DATA"):
                    self.say("530 5.7.0 log in first")
                elif verb in ("MAIL", "RCPT"):
                    self.say("250 ok")
                elif verb == "DATA":
                    self.say("354 go on")
                    message = b""
                    while (line := self.file.readline()) not in (b".\r\n", b""):
                        message += line[1:] if line.startswith(b".") else line
                    with lock:
                        count[0] += 1
                        with open(f"{folder}/mail-{count[0]}", "wb") as file:
                            file.write(message)
                        left[0] -= 1
                        if left[0] >= 0:
                            return
                    self.say("250 taken")
                elif verb == "QUIT":
                    return self.say("221 bye")
                else:
                    self.say("502 what?")

    class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
        daemon_threads = True

        def handle_error(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Server(("127.0.0.1", 0), Session)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#
