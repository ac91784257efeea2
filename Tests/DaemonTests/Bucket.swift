import Daemon
import Domain
import Host
import Journal
import TestKit
import Testing

/// The bucket `clicks` of an object store that checks every signature, as a folder.
struct Bucket {
    let folder: String
    let endpoint: String

    func put(_ key: String, _ text: String) throws {
        try makeFolder(parentFolder("\(folder)/clicks/\(key)"))
        try writeFileAtomically("\(folder)/clicks/\(key)", Array(text.utf8))
    }

    func remove(_ key: String) throws { try removeFile("\(folder)/clicks/\(key)") }

    /// Tells the store how to behave; see `storeScript`.
    func tell(_ what: String, _ value: String?) throws {
        guard let value else { return try removeFile("\(folder)/.\(what)") }
        try writeFileAtomically("\(folder)/.\(what)", Array(value.utf8))
    }

    /// How often something with this text was asked for.
    func asked(_ text: String) throws -> Int {
        guard exists("\(folder)/.asked") else { return 0 }
        let bytes = try readFile("\(folder)/.asked", limitBytes: 16 << 20)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .count { $0.contains(text) }
    }
}

/// Plays a story beside an object store that the daemon may read.
func playBesideStore(_ story: (Yard, Bucket) async throws -> Void) async throws {
    let folder = try temporaryFolder(in: "/tmp", prefix: "slipway-store")
    try makeFolder("\(folder)/clicks")
    do {
        try await ReportingServer.with(storeScript, [folder, "AKTEST", "SK/te+st"]) { server in
            let bucket = Bucket(folder: folder, endpoint: server.url)
            try await play { yard in
                await yard.stop()
                try writeFileAtomically("\(yard.state.path)/id", Array("AKTEST\n".utf8))
                try writeFileAtomically("\(yard.state.path)/secret", Array("SK/te+st\n".utf8))
                yard.configure = {
                    $0.followSeconds = 0.1
                    $0.sources = [
                        SourceSettings(
                            prefix: "s3://clicks/", endpoint: bucket.endpoint, region: "eu-west-1",
                            accessKeyFile: "id", secretKeyFile: "secret")
                    ]
                }
                try await yard.start()
                try await story(yard, bucket)
            }
        }
    } catch {
        try removeTree(folder)
        throw error
    }
    try removeTree(folder)
}

extension Yard {
    /// A model that appends what it is given to `<folder>/seen` before each step.
    func model(dataset: String) -> [String: String] {
        var model = ShellModel()
        model.data = "x\n1\n"
        let data = "$SLIPWAY_DATASET_TEST"
        model.before =
            "(find \(data) -type f -printf \"%P \";"
            + " find \(data) -type f -print0 | sort -z | xargs -0 cat)"
            + " >> \(folder)/seen"
        var files = model.files
        files["data/test.csv"] = nil
        files["datasets/test.yaml"] =
            dataset + "\ncolumns:\n  - {name: x, type: integer, required: true}\n"
        return files
    }

    var followed: [String: String] {
        model(dataset: "source: s3://clicks/day/\nfollow: true\nformat: csv")
    }

    /// What the steps were given, as it is on the disk.
    func seen() throws -> String {
        String(decoding: try readFile("\(folder)/seen", limitBytes: 1 << 20), as: UTF8.self)
    }

    func bare(_ arguments: String...) async throws -> String {
        try await ChildProcess.run(
            "git", ["-C", bare] + arguments, environment: environment,
            outputLimitBytes: 1 << 20, deadlineSeconds: patienceSeconds
        ).outputText
    }

    func tip() async throws -> CommitID? {
        CommitID(String(try await bare("rev-parse", "main").prefix(40)))
    }

    /// The next commit of the bot on the watched branch.
    func botCommit(after last: CommitID) async throws -> CommitID {
        try await eventually("the bot has committed") { try await tip() != last }
        return try #require(try await tip())
    }

    func problem(_ key: String) async throws -> Failure? {
        try await journal.problems().first { $0.key == key }?.failure
    }

    func failure(of commit: CommitID) async throws -> Failure {
        var failure: Failure?
        try await until("\(commit.short) has failed") { record in
            guard case .failed(_, let found) = record.outcomes[commit] else { return false }
            failure = found
            return true
        }
        return try #require(failure)
    }
}
