import Domain
import FoundationEssentials
import Glibc
import Testing

@testable import Review

/// A folder for one test, removed with it, and a shell in it.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        folder = "\(FileManager.default.temporaryDirectory.path)/slipway-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
    }

    deinit {
        // Because a test that fails to clean up must still report what it found.
        try? FileManager.default.removeItem(atPath: folder)
    }

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }

    func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    /// Runs a script in the folder and returns its exit status; what it says goes to `log`.
    func status(_ script: String) throws -> Int32 {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        let people = ["AUTHOR", "COMMITTER"].flatMap {
            ["GIT_\($0)_NAME=Ada", "GIT_\($0)_EMAIL=ada@example.org"]
        }
        let fixed = [
            "HOME=\(folder)", "GNUPGHOME=\(folder)/gpg", "GIT_CONFIG_NOSYSTEM=1", "TZ=UTC",
        ]
        let variables = ["PATH=\(path)"] + fixed + people
        let words = ["sh", "-ec", "cd '\(folder)'; exec >>log 2>&1\n\(script)"]
        var argument = unsafe words.map { unsafe strdup($0) }
        unsafe argument.append(nil)
        var variable = unsafe variables.map { unsafe strdup($0) }
        unsafe variable.append(nil)
        defer { unsafe (argument + variable).forEach { unsafe free($0) } }
        var process: pid_t = 0
        try #require(unsafe posix_spawn(&process, "/bin/sh", nil, nil, argument, variable) == 0)
        var status: Int32 = 0
        try #require(unsafe waitpid(process, &status, 0) == process)
        return status
    }

    /// Runs a script that must succeed.
    func run(_ script: String) throws {
        let status = try status(script)
        guard status == 0 else {
            Issue.record("status \(status): \(String(decoding: try read("log"), as: UTF8.self))")
            throw CancellationError()
        }
    }

    /// Makes a key and returns its `type base64`.
    func key(_ name: String, _ kind: String = "ed25519") throws -> String {
        try run("ssh-keygen -q -t \(kind) -N '' -C '' -f \(name)")
        let words = String(decoding: try read("\(name).pub"), as: UTF8.self).split(separator: " ")
        return "\(words[0]) \(words[1])".split(separator: "\n").joined()
    }

    func text(_ name: String) throws -> String {
        String(decoding: try read(name), as: UTF8.self)
    }

    /// Signs bytes as git does and returns the armoured signature.
    func signature(
        of bytes: [UInt8], by key: String, namespace: String = "git"
    ) throws -> [UInt8] {
        try write("to-sign", bytes)
        try run("ssh-keygen -q -Y sign -f \(key) -n \(namespace) < to-sign > signed")
        return try read("signed")
    }

    /// Makes `<key>-cert.pub` and returns its `type base64`; options are those of ssh-keygen.
    func certificate(
        _ key: String, by authority: String, names: String = "ada@example.org",
        options: String = "-V 20260101000000:20270101000000 -z 7"
    ) throws -> String {
        let principals = names.isEmpty ? "" : "-n '\(names)'"
        try run("ssh-keygen -q -s \(authority) -I 'key of ada' \(principals) \(options) \(key).pub")
        let words = try text("\(key)-cert.pub").split(separator: " ")
        return "\(words[0]) \(words[1])".split(separator: "\n").joined()
    }

    /// Makes a repository `repo` with one commit that signs with `key`.
    func repository(key: String) throws {
        try run(
            """
            git init -q repo; cd repo
            git config gpg.format ssh; git config user.signingkey "$HOME/\(key).pub"
            git commit -q --allow-empty -m first
            """)
    }

    /// Returns the object that a tag's ref points at, and its id.
    func object(_ tag: String) throws -> (raw: [UInt8], id: ObjectID) {
        try run(
            """
            cd repo; git rev-parse 'refs/tags/\(tag)' > ../id
            git cat-file "$(git cat-file -t "$(cat ../id)")" "$(cat ../id)" > ../raw
            """)
        let id = String(decoding: try read("id").dropLast(), as: UTF8.self)
        return (try read("raw"), try #require(ObjectID(id)))
    }
}

/// 2026-06-01T00:00:00Z, when the tests see what they check.
let june = Instant(seconds: 1_780_272_000)
let evidence = Digest(checked: String(repeating: "5f", count: 32))
let approveName = "approve/digits/5f5f5f5f5f5f5f5f/ada@example.org"
