import Daemon
import Domain
import FoundationEssentials
import Host
import Journal
import Logging
import TestKit
import Testing

/// Tags that others write into a model's space, by hand and by the real GTO.
@Suite struct ForeignTagTests {
    @Test(.timeLimit(.minutes(5)))
    func `tags made by hand are shown as foreign and their numbers passed over`() async throws {
        try await play { yard in
            await yard.stop()
            let commit = try await yard.push(shellModel(), "first")
            for (name, isSigned) in [
                ("m@v1.0.0", true), ("m@v1.1.0", false), ("m@v1.2.0!", true), ("m@created", true),
                ("m@deprecated", true), ("m#production#4", true), ("m#production", true),
                ("m@v1", true), ("m@v3.0.0-rc.1", true), ("m#production!#5", true),
            ] {
                try await tag(yard, name, isSigned)
            }
            try await yard.git("push", "-q", "--tags", "origin")
            try await yard.start()
            try await yard.release(commit)
            let record = try await yard.record("m")
            #expect(record.releases.map(\.version) == [SemanticVersion(1, 3, 0)])
            let production = try #require(EnvironmentName("production"))
            #expect(record.current[production]?.number == 6)
            try await eventually { try await yard.tags().contains("m#production#6") }
            #expect(try await yard.tags().contains("m@v1.3.0"))
            let foreign = try await foreign(yard)
            let kinds = Dictionary(grouping: foreign, by: \.kind).mapValues { Set($0.map(\.tag)) }
            #expect(
                kinds[.version] == ["m@v1.0.0", "m@v1.1.0", "m@v1.2.0!", "m@v3.0.0-rc.1"])
            #expect(
                kinds[.event] == [
                    "m@deprecated", "m#production#4", "m#production", "m#production!#5",
                ])
            #expect(kinds[.malformed] == ["m@created", "m@v1"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a tag that copies our message onto another commit is foreign`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            try await eventually { try await yard.tags().contains("m@v1.0.0") }
            try await yard.git("fetch", "-q", "--tags")
            let message = try await yard.git("tag", "-l", "--format=%(contents)", "m@v1.0.0")
            try await yard.git("tag", "-a", "-m", message, "m@v1.1.0", "HEAD")
            try await yard.git("push", "-q", "origin", "m@v1.1.0")
            let second = try await yard.push(shellModel(right: 8), "second")
            try await yard.release(second)
            let record = try await yard.record("m")
            #expect(record.releases.map(\.version) == [.first, SemanticVersion(1, 2, 0)])
            #expect(try await foreign(yard).map(\.tag) == ["m@v1.1.0"])
        }
    }

    @Test(
        .enabled(
            if: gto != nil,
            "there is no gto in PATH; set SLIPWAY_TEST_GTO to one, or run `make test`"),
        .timeLimit(.minutes(5)))
    func `a repository that GTO wrote is taken over without a collision`() async throws {
        try await play { yard in
            await yard.stop()
            _ = try await yard.push(shellModel(), "first")
            try await ask(yard, "register", "m", "--version", "v1.0.0")
            try await ask(yard, "assign", "m", "--version", "v1.0.0", "--stage", "production")
            try await ask(yard, "assign", "m", "--version", "v1.0.0", "--stage", "staging")
            try await ask(yard, "deprecate", "m", "v1.0.0", "staging")
            _ = try await yard.push(shellModel(right: 7), "second")
            try await ask(yard, "register", "m", "--version", "v1.1.0")
            try await ask(yard, "deprecate", "m", "v1.1.0")
            // Because GTO allows one version of a model on a commit.
            _ = try await yard.push(shellModel(right: 8), "third")
            try await yard.git("push", "-q", "--tags", "origin")
            let before = try await yard.tags()
            try await yard.start()
            let head = try await yard.head()
            try await yard.release(head)
            let record = try await yard.record("m")
            #expect(record.releases.map(\.version) == [SemanticVersion(1, 2, 0)])
            let foreign = try await foreign(yard).map(\.tag)
            #expect(Set(foreign) == Set(before))
            try await eventually { try await yard.tags().count == before.count + 2 }
            try await yard.git("fetch", "-q", "--tags")
            let shown = try await ask(yard, "show", "m@latest")
            #expect(shown.contains("v1.2.0"), "\(shown)")
        }
    }

    @Test(
        .enabled(
            if: gto != nil,
            "there is no gto in PATH; set SLIPWAY_TEST_GTO to one, or run `make test`"),
        .timeLimit(.minutes(5)))
    func `what GTO shows, remembers and checks is what was decided`() async throws {
        try await play { yard in
            try await yard.release(try await yard.push(shellModel(right: 7), "first"))
            try await yard.release(try await yard.push(shellModel(right: 8), "second"))
            let revert = try await yard.revertHead()
            try await yard.until("v1.0.0 is back") { record in
                if case .assigned(.first, _) = record.outcomes[revert] { true } else { false }
            }
            try await eventually { try await yard.tags().count == 5 }
            try await yard.git("fetch", "-q", "--tags")
            #expect(try await shown(yard) == ["production": "v1.0.0"])
            try await remove(yard, tags: 7)
            #expect(try await shown(yard) == [:])
            let versions = try await ask(yard, "show", "m", "--plain")
            for release in try await yard.record("m").releases {
                #expect(versions.contains("\(release.version)"))
            }
            let history = try await read([GTOEvent].self, yard, "history", "m", "--asc", "--json")
            #expect(history.map(\.line) == expected.map(\.line), "in the order of the decisions")
            for (event, one) in zip(history, expected) {
                let tag = try #require(one.ref)
                #expect(event.ref == tag)
                let said = try await read(GTOEvent.self, yard, "check-ref", tag, "--json")
                #expect(said.line == one.line && said.tag == tag && said.artifact == "m")
                let commit = try await yard.git("rev-parse", "\(tag)^{commit}")
                #expect(said.commit.map { "\($0)\n" } == commit)
            }
        }
    }

    /// What GTO has to say about two versions, a revert and a model that goes.
    private var expected: [GTOEvent] {
        [
            GTOEvent("registration", "v1.0.0", "m@v1.0.0"),
            GTOEvent("assignment", "v1.0.0", "m#production#1", stage: "production"),
            GTOEvent("registration", "v1.1.0", "m@v1.1.0"),
            GTOEvent("assignment", "v1.1.0", "m#production#2", stage: "production"),
            GTOEvent("assignment", "v1.0.0", "m#production#3", stage: "production"),
            GTOEvent("unassignment", "v1.1.0", "m#production!#4", stage: "production"),
            GTOEvent("unassignment", "v1.0.0", "m#production!#5", stage: "production"),
        ]
    }

    @Test(
        .enabled(
            if: gto != nil,
            "there is no gto in PATH; set SLIPWAY_TEST_GTO to one, or run `make test`"),
        .timeLimit(.minutes(5)))
    func `what others assigned is gone too, and a model that comes back is shown`()
        async throws
    {
        try await play(.file) { yard in
            await yard.stop()
            _ = try await yard.push(shellModel(), "first")
            try await ask(yard, "register", "m", "--version", "v0.1.0")
            try await ask(yard, "assign", "m", "--version", "v0.1.0", "--stage", "production")
            _ = try await yard.push(shellModel(right: 7), "second")
            try await yard.git("push", "-q", "--tags", "origin")
            try await yard.start()
            try await yard.release(try await yard.head())
            try await yard.release(try await yard.push(shellModel(right: 8), "third"))
            try await eventually { try await yard.tags().count == 6 }
            try await yard.git("fetch", "-q", "--tags")
            #expect(try await shown(yard) == ["production": "v1.1.0"])
            try await remove(yard, tags: 9)
            #expect(try await shown(yard) == [:])
            // What is in git is enough for a daemon that remembers nothing.
            await yard.stop()
            let tags = try await yard.tags()
            _ = try await Daemon.rebuild(
                DaemonConfiguration(repository: yard.location), state: yard.state,
                executable: "/bin/true",
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await yard.start()
            let back = try await yard.push(shellModel(right: 7), "m is back")
            try await yard.until("v1.0.0 is back") { record in
                if case .assigned(.first, _) = record.outcomes[back] { true } else { false }
            }
            try await eventually { try await yard.tags().count == 10 }
            #expect(Set(try await yard.tags()).subtracting(tags) == ["m#production#7"])
            try await yard.git("fetch", "-q", "--tags")
            #expect(try await shown(yard) == ["production": "v1.0.0"])
            try await remove(yard, tags: 11)
            #expect(try await shown(yard) == [:])
        }
    }

    private func remove(_ yard: Yard, tags count: Int) async throws {
        try await yard.git("rm", "-qr", "models/m")
        _ = try await yard.commit([:], "m goes")
        _ = try await yard.pushHead()
        try await eventually { try await yard.tags().count == count }
        try await yard.git("fetch", "-q", "--tags")
    }

    /// The version that GTO shows in each stage of the model.
    private func shown(_ yard: Yard) async throws -> [String: String] {
        struct Shown: Decodable { var stage: [String: String] }
        return try await read([String: Shown].self, yard, "show", "--json")["m"]?.stage ?? [:]
    }

    private func read<Value: Decodable>(
        _ type: Value.Type, _ yard: Yard, _ arguments: String...
    ) async throws -> Value {
        try JSONDecoder().decode(type, from: Data(try await ask(yard, arguments).utf8))
    }

    private func tag(_ yard: Yard, _ name: String, _ isAnnotated: Bool) async throws {
        if isAnnotated {
            try await yard.git("tag", "-a", "-m", "by hand", name)
        } else {
            try await yard.git("tag", name)
        }
    }

    private func foreign(_ yard: Yard) async throws -> [ForeignTag] {
        let text = try await yard.journal.position("foreign:m")
        return try JSONDecoder().decode([ForeignTag].self, from: Data((text ?? "[]").utf8))
    }

    @discardableResult
    private func ask(_ yard: Yard, _ arguments: String...) async throws -> String {
        try await ask(yard, arguments)
    }

    private func ask(_ yard: Yard, _ arguments: [String]) async throws -> String {
        let result = try await ChildProcess.run(
            try #require(gto), arguments, environment: yard.environment,
            workingFolder: yard.clone, outputLimitBytes: 1 << 20, deadlineSeconds: patienceSeconds)
        try #require(
            result.status.isSuccess,
            "gto \(arguments): \(result.errorText) \(result.outputText)")
        return result.outputText
    }
}

/// An event as GTO's `history` and `check-ref` tell it.
private struct GTOEvent: Decodable {
    var event: String
    var version: String
    var artifact: String
    var stage: String?
    /// What `history` calls the tag, and what `check-ref` does.
    var ref: String?
    var tag: String?
    var commit: String?

    enum CodingKeys: String, CodingKey {
        case event, version, artifact, stage, ref, tag
        case commit = "commit_hexsha"
    }

    init(_ event: String, _ version: String, _ ref: String, stage: String? = nil) {
        (self.event, self.version, self.ref, self.stage) = (event, version, ref, stage)
        artifact = "m"
    }

    var line: String { "\(artifact) \(event) \(version) \(stage ?? "-")" }
}

/// The GTO that SLIPWAY_TEST_GTO names, that of the tests' own Python environment, that of the
/// benchmarks, or the one in PATH; nil: none.
///
/// What is named, or belongs to the environment that is named, must be there: without it the tests
/// fail.
private let gto: String? = {
    let environment = ownEnvironment()
    if let named = environment["SLIPWAY_TEST_GTO"] { return named }
    if let python = environment["SLIPWAY_TEST_PYTHON"] { return parentFolder(python) + "/gto" }
    let root = parentFolder(parentFolder(parentFolder(#filePath)))
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return (["\(root)/.build/bench-peers/bin"] + folders).map { "\($0)/gto" }.first(where: exists)
}()
