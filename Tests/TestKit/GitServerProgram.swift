/// A git server as a Python program, because Python's own library has the HTTP half of it.
///
/// `python3 -c PROGRAM FOLDER PID`. The SSH half is an `sshd` on a free port with keys of its own,
/// as an ordinary process; gitolite runs with a home folder of its own. Neither needs root.
package let gitServerProgram = #"""
    """A git server for tests, for as long as a process lives: gitserver.py FOLDER PID

    FOLDER/repos/*.git are served over http, to any user with the password `secret`, and over ssh,
    to the system's user. FOLDER/gitolite is gitolite's home, with one repository, `models`. The
    keys `robot`, `ada` and `bob` in FOLDER are those of people whom both know by these names;
    `client` is the key of somebody without one. FOLDER/ready has lines `name address`.
    """
    import base64, http.server, os, pathlib, pwd, shutil, signal, socket, subprocess, sys
    import threading, time

    folder = pathlib.Path(sys.argv[1])
    owner = int(sys.argv[2])
    ready = {}
    children = []
    people = ["robot", "ada", "bob"]
    user = pwd.getpwuid(os.getuid()).pw_name
    password = "secret"
    here = "127.0.0.1"


    def free_port():
        with socket.socket() as one:
            one.bind((here, 0))
            return one.getsockname()[1]


    class Handler(http.server.BaseHTTPRequestHandler):
        """`git http-backend` behind a password, as a web server runs it."""

        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def who(self):
            kind, _, text = self.headers.get("Authorization", "").partition(" ")
            try:
                name, _, word = base64.b64decode(text).decode().partition(":")
            except ValueError:
                return None
            return name if kind == "Basic" and word == password else None

        def chunks(self):
            if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    yield self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                left = int(self.headers.get("Content-Length", 0))
                while left and (part := self.rfile.read(min(left, 1 << 16))):
                    left -= len(part)
                    yield part

        def answer(self):
            name = self.who()
            if name is None:
                for _ in self.chunks():
                    pass
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.send_header("Content-Length", "0")
                return self.end_headers()
            path, _, query = self.path.partition("?")
            variables = {
                **os.environ, "HOME": str(folder),
                "GIT_PROJECT_ROOT": str(folder / "repos"), "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command,
                "REMOTE_USER": name, "REMOTE_ADDR": here,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            }
            program = subprocess.Popen(
                ["git", "http-backend"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                env=variables)

            def feed():
                try:
                    for part in self.chunks():
                        program.stdin.write(part)
                    program.stdin.close()
                except BrokenPipeError:
                    pass

            feeder = threading.Thread(target=feed)
            feeder.start()
            said = program.stdout.read()
            program.wait()
            feeder.join()
            head, _, body = said.partition(b"\r\n\r\n")
            lines = [line.split(": ", 1) for line in head.decode().splitlines()]
            status = next((value for name, value in lines if name == "Status"), "200 OK")
            self.send_response(int(status.split()[0]))
            for name, value in lines:
                if name not in ("Status", "Content-Length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer


    def start_http():
        server = http.server.ThreadingHTTPServer((here, 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ready["http"] = f"http://{here}:{server.server_port}"


    def start_sshd(name, program, keys, *settings):
        """Starts one with nothing of the system's configuration, and returns its address."""
        # Because sshd wants this folder when root runs it, and only root can make it.
        if os.getuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        for _ in range(20):
            port = free_port()
            text = [
                f"ListenAddress {here}:{port}", f"HostKey {folder}/host", "PidFile none",
                f"AuthorizedKeysFile {keys}", "StrictModes no", "PasswordAuthentication no",
                "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password", "UsePAM no",
                "UseDNS no", "X11Forwarding no", "AllowTcpForwarding no", *settings,
            ]
            (folder / f"{name}.config").write_text("\n".join(text) + "\n")
            child = subprocess.Popen(
                [program, "-D", "-e", "-f", folder / f"{name}.config"], stdin=subprocess.DEVNULL,
                stderr=open(folder / f"{name}.log", "ab"))
            for _ in range(200):
                try:
                    socket.create_connection((here, port), 1).close()
                    children.append(child)
                    host = (folder / "host.pub").read_text().split()[:2]
                    with open(folder / "known_hosts", "a") as known:
                        known.write(f"[{here}]:{port} {' '.join(host)}\n")
                    return f"ssh://{user}@{here}:{port}"
                except OSError:
                    try:
                        child.wait(0.05)
                        break
                    except subprocess.TimeoutExpired:
                        continue
            child.kill()
            child.wait()
        raise SystemExit(f"sshd does not start: {(folder / f'{name}.log').read_text()}")


    def start_ssh(program):
        shell = folder / "shell"
        shell.write_text(f"""\
    #!/bin/sh
    # '/x.git' and 'x.git' are both that of the folder.
    words=$(printf %s "$SSH_ORIGINAL_COMMAND" |
        sed -E "s#^(git[- ](upload-pack|receive-pack)) '/*#\\1 '{folder}/repos/#")
    exec git-shell -c "$words"
    """)
        shell.chmod(0o755)
        lines = []
        for name in ["client"] + people:
            known = "" if name == "client" else f"REMOTE_USER={name} "
            text = (folder / f"{name}.pub").read_text()
            lines.append(f'command="{known}{shell}",no-pty {text}')
        (folder / "ssh.keys").write_text("".join(lines))
        ready["ssh"] = start_sshd("ssh", program, folder / "ssh.keys", f"SetEnv HOME={folder}")


    def start_gitolite(program, sshd):
        home = folder / "gitolite"
        home.mkdir()
        variables = {
            **os.environ, "HOME": str(home), "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "init.defaultBranch", "GIT_CONFIG_VALUE_0": "main",
        }

        def call(*words):
            done = subprocess.run(
                [program, *words], env=variables, cwd=home, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                raise SystemExit(f"gitolite {words}: {done.stdout.decode()}")

        call("setup", "-pk", str(folder / "robot.pub"))
        for name in people:
            shutil.copy(folder / f"{name}.pub", home / ".gitolite/keydir")
        # As docs/hooks.md says: without it gitolite takes no tag with a `#`.
        settings = home / ".gitolite.rc"
        names = r"$REF_OR_FILENAME_PATT = qr(^[0-9a-zA-Z][-0-9a-zA-Z._\@/+ :,#!]*$);"
        settings.write_text(settings.read_text().replace("\n1;\n", f"\n{names}\n1;\n"))
        (home / ".gitolite/conf/gitolite.conf").write_text("repo models\n    RW+ = @all\n")
        call("setup")
        ready["gitolite"] = start_sshd(
            "gitolite", sshd, home / ".ssh/authorized_keys", f"SetEnv HOME={home}")


    def main():
        (folder / "repos").mkdir()
        for name in ["host", "client"] + people:
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
        start_http()
        sshd = shutil.which("sshd") or shutil.which("/usr/sbin/sshd")
        gitolite = shutil.which("gitolite")
        if sshd:
            start_ssh(sshd)
            if gitolite:
                start_gitolite(gitolite, sshd)
        (folder / "ready.new").write_text("".join(f"{n} {v}\n" for n, v in ready.items()))
        (folder / "ready.new").rename(folder / "ready")
        while True:
            os.kill(owner, 0)
            time.sleep(0.5)


    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        main()
    except ProcessLookupError:
        pass
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()
    """#
