import Daemon
import Domain
import Host
import Journal
import TestKit
import Testing

/// Many pushes at once: each is decided, and only the newest is trained to its end.
@Suite struct BurstTests {
    private let pushes = 200

    /// Commits on `main`, each with its own parameter; the branch moves at every tenth.
    private func importText(from first: CommitID) -> String {
        (1...pushes).map { number in
            var model = ShellModel()
            model.before = ": \(number)"
            let text = model.files["models/m/model.yaml"] ?? ""
            return """
                commit refs/heads/main
                mark :\(number)
                committer Engineer <engineer@example.org> \(1_700_000_000 + number) +0000
                data <<END
                number \(number)
                END
                from \(number == 1 ? first.hex : ":\(number - 1)")
                M 100644 inline models/m/model.yaml
                data \(text.utf8.count)
                \(text)
                \(number % 10 == 0 ? "checkpoint\n" : "")

                """
        }.joined()
    }

    @Test(.timeLimit(.minutes(5)))
    func `of two hundred commits and as many tags none is lost`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            let imported = try await ChildProcess.run(
                "git", ["-C", yard.bare, "fast-import", "--quiet"], environment: yard.environment,
                input: Array(importText(from: first).utf8), outputLimitBytes: 1 << 20,
                deadlineSeconds: patienceSeconds)
            try #require(imported.status.isSuccess, "\(imported.errorText)")
            let commits = try await yard.run(
                "git", "-C", yard.bare, "rev-list", "--reverse", "\(first.hex)..main"
            ).split(separator: "\n").compactMap { CommitID(String($0)) }
            try #require(commits.count == pushes)
            let newest = try #require(commits.last)
            let tags = commits.enumerated().map { number, commit in
                "create refs/tags/approve/m/\(commit.hex.prefix(16))/r\(number) \(commit)\n"
            }
            let written = try await ChildProcess.run(
                "git", ["-C", yard.bare, "update-ref", "--stdin"], environment: yard.environment,
                input: Array(tags.joined().utf8), outputLimitBytes: 1 << 20,
                deadlineSeconds: patienceSeconds)
            try #require(written.status.isSuccess, "\(written.errorText)")

            _ = try await yard.evidence(newest)
            try await yard.until("every tag is recorded") { record in
                Set(record.tags.map(\.tag)).isSuperset(of: commits)
            }
            let record = try await yard.record("m")
            let undecided = commits.dropLast().filter { !(record.outcomes[$0]?.isFinal ?? false) }
            #expect(undecided.isEmpty)
            #expect(record.tags.allSatisfy { $0.refusal != nil || $0.tag == record.tags[0].tag })
            #expect(record.releases.count == 1, "no burst approves anything")
            let open = try await yard.journal.unfinishedRuns()
            #expect(open.isEmpty, "\(open.map(\.id))")
        }
    }
}
