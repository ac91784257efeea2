import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

/// A repository in which a version was released by two approvals, as the daemon left it.
struct ReleasedRepository: Sendable {
    let folder: String
    let binary: String
    var bare: String { "\(folder)/models.git" }
    var trust: String { "\(folder)/signers" }
    var artifacts: String { "\(folder)/state/artifacts" }
    static let version = "shell@v1.0.0"

    /// Has the real daemon release a version, and stops it; `body` may take the rest apart.
    static func use(_ body: (ReleasedRepository) async throws -> Void) async throws {
        try await Harbour.use { harbour in
            try await release(harbour)
            try await body(ReleasedRepository(folder: harbour.folder, binary: harbour.binary))
        }
    }

    private static func release(_ harbour: Harbour) async throws {
        let second = "\(harbour.folder)/key2"
        try await harbour.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", second)
        func text(_ path: String) throws -> String {
            String(decoding: try readFile(path, limitBytes: 10_000), as: UTF8.self)
        }
        let signers = "\(harbour.folder)/signers"
        try write(signers, try text(signers) + "bob@example.org " + text("\(second).pub"))
        try await harbour.slipway(
            "init", "--force", "--repository", harbour.bare, "--trust", signers, "--listen",
            "127.0.0.1:0", "--approvals", "2")
        try await harbour.startDaemon()
        try harbour.shellRepository()
        try await harbour.push("a model")
        _ = try await harbour.until("shell", .waiting)
        try await harbour.slipway("approve", "shell", "--message", "looks right")
        try await harbour.git("config", "user.signingkey", second)
        try await harbour.git("config", "slipway.reviewer", "bob@example.org")
        try await harbour.slipway("approve", "shell", "--message", "to me too")
        _ = try await harbour.until("shell", .released)
        try await harbour.until("the version is tagged") {
            try await harbour.run("git", "-C", harbour.bare, "tag").contains(version)
        }
        try await harbour.stop("daemon")
    }

    /// A copy to forge, and a fresh clone of it for an auditor.
    func copy(_ name: String) async throws -> ForgedCopy {
        let copy = ForgedCopy(
            bare: "\(folder)/\(name).git", clone: "\(folder)/\(name)", genuine: self)
        try await copy.run("cp", ["-r", bare, copy.bare], in: folder)
        return copy
    }
}

/// A repository that somebody with write access forges, and what an auditor then finds.
struct ForgedCopy: Sendable {
    let bare: String
    let clone: String
    let genuine: ReleasedRepository

    @discardableResult
    func run(
        _ program: String, _ arguments: [String], in place: String, input: String = ""
    ) async throws -> String {
        let result = try await attempt(program, arguments, in: place, input: input)
        guard result.status.isSuccess else {
            throw Trouble("\(program) \(arguments.joined(separator: " ")): \(result.errorText)")
        }
        var text = result.outputText
        while text.last == "\n" { text.removeLast() }
        return text
    }

    func attempt(
        _ program: String, _ arguments: [String], in place: String, input: String = ""
    ) async throws -> ChildResult {
        var environment = ownEnvironment()
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
        environment["GIT_CONFIG_NOSYSTEM"] = "1"
        environment["SLIPWAY_STATE"] = "\(genuine.folder)/nowhere"
        environment["SLIPWAY_DAEMON"] = nil
        return try await ChildProcess.run(
            program, arguments, environment: environment, workingFolder: place,
            input: Array(input.utf8), outputLimitBytes: 1 << 24, deadlineSeconds: patienceSeconds)
    }

    @discardableResult
    func git(_ arguments: String..., input: String = "") async throws -> String {
        try await run("git", arguments, in: bare, input: input)
    }

    /// Replaces texts in every note and in the version's tag, as the bot could; with `chained` the
    /// chain of the notes is made anew, so that it is whole. Lines that have `dropped` go.
    func forge(
        _ replacements: [(String, String)], chained: Bool = true, dropped: String = ""
    ) async throws {
        let pairs = String(
            decoding: try JSONEncoder().encode(replacements.map { [$0.0, $0.1] }), as: UTF8.self)
        try await run(
            "python3", ["-c", Self.program, bare, chained ? "yes" : "no", dropped],
            in: genuine.folder, input: pairs)
    }

    /// The value of a key in the newest note that has it.
    func noted(_ pattern: String) async throws -> String {
        let script = """
            import re, subprocess, sys
            log = subprocess.run(["git", "log", "-p", "refs/notes/slipway"], cwd=sys.argv[1],
                                 capture_output=True, text=True).stdout
            print(re.search(sys.argv[2], log).group(1))
            """
        return try await run("python3", ["-c", script, bare, pattern], in: genuine.folder)
    }

    func audit(_ arguments: String...) async throws -> ChildResult {
        if !exists(clone) {
            try await run("git", ["clone", "-q", bare, clone], in: genuine.folder)
        }
        return try await attempt(genuine.binary, arguments, in: clone)
    }

    func verify(_ arguments: String...) async throws -> ChildResult {
        if !exists(clone) {
            try await run("git", ["clone", "-q", bare, clone], in: genuine.folder)
        }
        return try await attempt(
            genuine.binary,
            ["verify", ReleasedRepository.version, "--trust", genuine.trust] + arguments, in: clone)
    }

    private static let program = """
        import hashlib, json, re, subprocess, sys

        bare, chained, dropped = sys.argv[1], sys.argv[2] == "yes", sys.argv[3].encode()
        pairs = json.load(sys.stdin)

        def git(*arguments, data=b""):
            return subprocess.run(["git", *arguments], cwd=bare, input=data, check=True,
                                  capture_output=True).stdout

        def edited(data):
            for old, new in pairs:
                data = data.replace(old.encode(), new.encode())
            return data

        def sequence(line):
            return json.loads(line)["sequence"]

        lines = {}
        for entry in git("ls-tree", "-r", "refs/notes/slipway").decode().splitlines():
            head, path = entry.split("\\t")
            for line in git("cat-file", "-p", head.split()[2]).splitlines():
                lines[sequence(line)] = (path, line)
        folders, before = {}, None
        for number in sorted(lines):
            path, line = lines[number]
            if dropped and dropped in line:
                continue
            line = edited(line)
            if chained and before:
                line = re.sub(rb'"previous":"[0-9a-f]{64}"',
                              b'"previous":"' + before.encode() + b'"', line)
            before = hashlib.sha256(line).hexdigest()
            name = edited(path.replace("/", "").encode()).decode()
            folders.setdefault(name[:2], {}).setdefault(name[2:], []).append(line)
        root = b""
        for folder, notes in sorted(folders.items()):
            tree = b""
            for name, texts in sorted(notes.items()):
                blob = git("hash-object", "-w", "--stdin", data=b"\\n".join(texts) + b"\\n")
                tree += b"100644 blob " + blob.strip() + b"\\t" + name.encode() + b"\\n"
            made = git("mktree", data=tree).strip()
            root += b"040000 tree " + made + b"\\t" + folder.encode() + b"\\n"
        tree = git("mktree", data=root).strip().decode()
        commit = git("-c", "user.name=x", "-c", "user.email=x@x", "commit-tree", tree, "-m", "x")
        git("update-ref", "refs/notes/slipway", commit.strip().decode())
        ref = "refs/tags/shell@v1.0.0"
        tag = git("hash-object", "-t", "tag", "-w", "--stdin", "--literally",
                  data=edited(git("cat-file", "tag", ref)))
        git("update-ref", ref, tag.strip().decode())
        """
}
