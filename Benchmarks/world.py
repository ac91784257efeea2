"""A world to measure in: a bare repository with Slipway's hook, a clone, a reviewer, a daemon.

Everything lies in one folder, listens on ports that the system picks, and ends with the world.
"""
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
from urllib.parse import urlsplit

ENGINEER = "engineer@example.org"
REVIEWER = "reviewer@example.org"


class Unmeasured(Exception):
    """Something did not come about, so there is nothing to measure."""


class World:
    def __init__(self, binary, folder):
        self.binary = str(binary)
        self.folder = pathlib.Path(folder)
        self.state = self.folder / "state"
        self.bare = self.folder / "models.git"
        self.clone = self.folder / "models"
        self.processes = {}
        self.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("GIT_", "SLIPWAY_"))
        } | {
            "SLIPWAY_STATE": str(self.state), "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull, "NO_COLOR": "1",
        }

    def __enter__(self):
        self.folder.mkdir(parents=True)
        key = self.folder / "key"
        self.call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", REVIEWER, "-f", key)
        public = " ".join((self.folder / "key.pub").read_text().split()[:2])
        signers = self.folder / "allowed_signers"
        signers.write_text(f'{REVIEWER} namespaces="git" {public}\n')
        self.call("git", "init", "--quiet", "--bare", "--initial-branch", "main", self.bare)
        self.slipway(
            "init", "--repository", self.bare, "--trust", signers, "--listen", "127.0.0.1:0")
        self.slipway("hook", "install", "--repository", self.bare)
        self.call("git", "clone", "--quiet", self.bare, self.clone)
        self.git("symbolic-ref", "HEAD", "refs/heads/main")
        for name, value in {
            "user.name": "Engineer", "user.email": ENGINEER, "gpg.format": "ssh",
            "user.signingkey": key, "slipway.reviewer": REVIEWER, "gc.auto": 0,
        }.items():
            self.git("config", name, value)
        return self

    def __exit__(self, *_):
        for name in list(self.processes):
            self.end(name)

    # Commands

    def call(self, *command, folder=None):
        """Runs a command and returns what it printed; anything but success is an error."""
        done = subprocess.run(
            [str(part) for part in command], cwd=folder or self.folder, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise Unmeasured(
                f"{' '.join(map(str, command[:4]))}: status {done.returncode}: "
                f"{(done.stderr or done.stdout).strip()[-600:]}")
        return done.stdout

    def git(self, *arguments):
        return self.call("git", *arguments, folder=self.clone).strip()

    def slipway(self, *arguments):
        return self.call(
            self.binary, *arguments, folder=self.clone if self.clone.exists() else None)

    # Processes

    def launch(self, name, *arguments, prefix=()):
        log = open(self.folder / f"{name}.log", "ab")
        with log:
            self.processes[name] = subprocess.Popen(
                [*prefix, self.binary, *map(str, arguments)], cwd=self.folder,
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        return self.processes[name]

    def end(self, name):
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def start_daemon(self):
        (self.state / "daemon.json").unlink(missing_ok=True)
        process = self.launch("daemon", "daemon", "--log-level", "warning")
        self.api = Api(self.until(lambda: address(self.state / "daemon.json"), "the daemon", 60))
        self.until(lambda: self.api.get("/healthz", plain=True), "the daemon's health", 60)
        return process

    def start_serve(self, prefix=()):
        """Starts serving; the gateway's address is known once something is assigned."""
        return self.launch(
            "serve", "serve", "--environment", "production", "--listen", "127.0.0.1:0",
            "--log-level", "warning", prefix=prefix)

    def gateway(self):
        file = self.state / "serve-production.json"
        return urlsplit(self.until(lambda: address(file), "the gateway", 60))

    # Commits and what becomes of them

    def write(self, files):
        for name, text in files.items():
            path = self.clone / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def commit(self, message):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def push(self):
        """Pushes, and returns when that began and ended, in seconds since 1970."""
        began = time.time()
        self.git("push", "--quiet", "origin", "HEAD:main")
        return began, time.time()

    def until(self, look, what, seconds=120, pause=0.002):
        """Looks until something other than None and False is seen, and returns it."""
        end = time.monotonic() + seconds
        while True:
            try:
                seen = look()
            except (OSError, http.client.HTTPException):
                seen = None
            if seen:
                return seen
            if time.monotonic() > end:
                raise Unmeasured(f"{what} took longer than {seconds} s{self.last_words()}")
            time.sleep(pause)

    def until_phase(self, model, phase, pause=0.01, seconds=120):
        head = self.git("rev-parse", "HEAD")

        def look():
            status = self.api.get(f"/api/v1/models/{model}") or {}
            if status.get("head") != head:
                return None
            if status["phase"] in ("failed", "broken", "stopped") and status["phase"] != phase:
                raise Unmeasured(f"{model} is {status['phase']}: {json.dumps(status)[:600]}")
            return status if status["phase"] == phase else None

        return self.until(look, f"{model} to be {phase}", seconds, pause)

    def approve(self, model):
        self.slipway("approve", model, "--message", "measured")
        self.until_phase(model, "released")

    def last_words(self):
        words = []
        for log in sorted(self.folder.glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()[-5:]
            words += [f"\n{log.name}: {line}" for line in lines]
        return "".join(words)

    def remove(self):
        for folder, _, _ in os.walk(self.folder):
            os.chmod(folder, 0o700)
        shutil.rmtree(self.folder, ignore_errors=True)


class Api:
    """The daemon's API over one connection."""

    def __init__(self, url):
        self.url = urlsplit(url)
        self.connection = None

    def get(self, path, plain=False):
        """The answer, or None when it is not 200."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                self.url.hostname, self.url.port, timeout=30)
        try:
            self.connection.request("GET", path)
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise
        if answer.status != 200:
            return None
        return body.decode() if plain else json.loads(body)


def address(file):
    """The URL in a file such as daemon.json; None while there is no such file."""
    try:
        return json.loads(file.read_text())["url"]
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def cpu_seconds(pid):
    """User and kernel time of a process so far."""
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def fine_cpu_seconds(pid):
    """The same in nanoseconds' steps, by thread: those that end take their share with them."""
    spent = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        spent[task.name] = int((task / "schedstat").read_text().split()[0]) / 1e9
    return spent


def memory_mib(pid):
    """What a process holds resident: all of it, and without pages of files."""
    figures = {}
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("VmRSS", "RssAnon"):
            figures[name] = int(value.split()[0]) / 1024
    return figures["VmRSS"], figures["RssAnon"]
