import Daemon
import Domain
import FoundationEssentials
import Host
import Journal
import Testing

/// Tags that others write into a model's space, by hand and by the real GTO.
@Suite struct ForeignTagTests {
    @Test(.timeLimit(.minutes(3)))
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

    @Test(.timeLimit(.minutes(3)))
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

    @Test(.enabled(if: gto != nil, "set SLIPWAY_TEST_GTO to a gto"), .timeLimit(.minutes(4)))
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

    @Test(.enabled(if: gto != nil, "set SLIPWAY_TEST_GTO to a gto"), .timeLimit(.minutes(4)))
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
            let record = try await yard.record("m")
            let versions = try await ask(yard, "show", "m", "--plain")
            for release in record.releases { #expect(versions.contains("\(release.version)")) }
            let stages = try await ask(yard, "show", "--json")
            #expect(stages.contains(#""production": "v1.0.0""#), "\(stages)")
            let history = try await ask(yard, "history", "m", "--plain", "--asc")
            let lines = history.split(separator: "\n").filter { $0.contains("ment") }
            #expect(lines.count == record.assignments.count, "\(history)")
            for tag in try await yard.tags() {
                let said = try await ask(yard, "check-ref", tag, "--json")
                #expect(said.contains("\"m\""), "\(tag): \(said)")
            }
        }
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
        let result = try await ChildProcess.run(
            try #require(gto), arguments, environment: yard.environment,
            workingFolder: yard.clone, outputLimitBytes: 1 << 20, deadlineSeconds: 120)
        try #require(
            result.status.isSuccess,
            "gto \(arguments): \(result.errorText) \(result.outputText)")
        return result.outputText
    }
}

/// The GTO that SLIPWAY_TEST_GTO names, or the one in PATH; nil: there is none.
private let gto: String? = {
    if let named = ownEnvironment()["SLIPWAY_TEST_GTO"] { return named }
    let folders = (ownEnvironment()["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/gto" }.first(where: exists)
}()
