import Daemon
import Domain
import Host
import Journal
import Logging
import Provenance
import Testing

/// The decisions in git are a chain, and nothing is decided on one that is broken.
@Suite struct LogChainTests {
    /// The lines that git has, in their sequence.
    private func lines(_ yard: Yard) async throws -> [AuditLine] {
        let notes = try await yard.run(
            "git", "-C", yard.bare, "ls-tree", "-r", "--name-only", "refs/notes/slipway")
        var found: [AuditLine] = []
        for path in notes.split(separator: "\n") {
            let text = try await yard.run(
                "git", "-C", yard.bare, "show", "refs/notes/slipway:\(path)")
            for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
                found.append(try AuditLine(parsing: Array(line)))
            }
        }
        return found.sorted { $0.sequence < $1.sequence }
    }

    /// Changes the note of a commit as whoever may push to the repository could.
    private func alter(
        _ yard: Yard, _ commit: CommitID, _ change: (String) -> String
    ) async throws {
        let ref = "refs/notes/slipway"
        try await yard.git("fetch", "-q", "origin", "+\(ref):\(ref)")
        let text = try await yard.git("notes", "--ref=slipway", "show", commit.hex)
        try writeFileAtomically("\(yard.folder)/altered", Array(change(text).utf8))
        try await yard.git(
            "notes", "--ref=slipway", "add", "-f", "-F", "\(yard.folder)/altered", commit.hex)
        try await yard.git("push", "-q", "origin", ref)
    }

    private func isStopped(_ yard: Yard, _ words: String) async throws {
        try await eventually("the break is shown: \(words)") {
            try await yard.journal.problems().contains {
                $0.key == "notes" && $0.failure.what.contains(words)
                    && $0.failure.place == "refs/notes/slipway"
                    && $0.failure.hint?.contains("slipway rebuild") ?? false
            }
        }
    }

    private func rebuild(_ yard: Yard) async throws {
        _ = try await Daemon.rebuild(
            DaemonConfiguration(repository: yard.location), state: yard.state,
            executable: "/bin/true", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func isWhole(_ yard: Yard) async throws -> Bool {
        if case .whole(_, _, 0) = AuditLog(try await lines(yard)).check() { true } else { false }
    }

    @Test(.timeLimit(.minutes(5)))
    func `every decision names the one before it, over a restart and a rebuild`() async throws {
        try await play { yard in
            try await yard.release(try await yard.push(shellModel(right: 7), "first"))
            await yard.stop()
            try await yard.start()
            let second = try await yard.push(shellModel(right: 8), "second")
            _ = try await yard.evidence(second)
            await yard.stop()
            try await rebuild(yard)
            try await yard.start()
            try await yard.release(second)
            let count = try await yard.journal.decisionCount()
            #expect(try await isWhole(yard))
            #expect(try await lines(yard).count >= count)
            #expect(try await yard.journal.problems().isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `an altered decision stops the loop until it is accepted`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            try await alter(yard, first) { $0.replacing("\"approve\"", with: "\"reject\"") }
            try await isStopped(yard, "is not the one that was there")
            let second = try await yard.push(shellModel(right: 8), "second")
            await yard.stop()
            try await yard.start()
            try await isStopped(yard, "is not the one that was there")
            #expect(try await yard.record("m").outcomes[second] == nil)
            await yard.stop()
            try await rebuild(yard)
            try await yard.start()
            _ = try await yard.evidence(second)
            #expect(try await yard.journal.problems().isEmpty)
            // What was accepted stays so, and what is new is guarded as before.
            try await alter(yard, second) { text in
                text.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
            }
            try await isStopped(yard, "missing")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `decisions that are taken from the end are missed`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(), "first")
            _ = try await yard.evidence(first)
            try await alter(yard, first) { text in
                text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
            }
            try await isStopped(yard, "it had a record")
        }
    }
}
