import Domain
import Synchronization
import Testing

@testable import Planning

/// Commits that a planner may ask for, and what it asked.
final class History: Sendable {
    private struct State {
        var commits: [CommitID: Files] = [:]
        var listed = 0
        var read: [String] = []
    }

    private let state = Mutex(State())

    func commit(_ files: Files) -> CommitID {
        state.withLock { state in
            let id = CommitID(bytes: sha256("commit", .integer(Int64(state.commits.count))))
            state.commits[id] = files
            return id
        }
    }

    var listed: Int { state.withLock { $0.listed } }

    func takeRead() -> [String] {
        state.withLock { state in
            defer { state.read = [] }
            return state.read
        }
    }

    var source: PlanSource {
        PlanSource(
            listing: { id in
                self.state.withLock { state in
                    state.listed += 1
                    return (state.commits[id] ?? [:]).tree
                }
            },
            changes: { old, new in
                self.state.withLock { state in
                    difference(state.commits[old] ?? [:], state.commits[new] ?? [:])
                }
            },
            read: { file in
                try self.state.withLock { state in
                    state.read.append(file.path)
                    for files in state.commits.values {
                        guard let text = files[file.path], [file.path: text].tree == [file] else {
                            continue
                        }
                        return Array(text.utf8)
                    }
                    throw Failure("nobody wrote \(file.path)")
                }
            })
    }
}

private func difference(_ old: Files, _ new: Files) -> [ChangedFile] {
    Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { path in
        ChangedFile(path: path, file: new[path].flatMap { [path: $0].tree.first })
    }
}

struct CommitPlanningTests {
    @Test func `planning commit after commit equals planning each afresh`() async throws {
        for seed in 0..<12 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let history = History()
            let planner = Planner()
            var files = manyModels(8)
            files["slipway.yaml"]?.append("roles: {leads: [ada@example.org]}\n")
            for round in 0..<16 {
                change(&files, using: &random)
                let kept = try await planner.plan(
                    of: history.commit(files), from: history.source)
                let fresh = try await planned(files)
                let note: Comment = "seed \(seed), round \(round)"
                #expect(kept.models == fresh.models, note)
                #expect(kept.brokenModels == fresh.brokenModels, note)
                #expect(kept.diagnostics == fresh.diagnostics, note)
                #expect(kept.index.inputs == fresh.index.inputs, note)
            }
            #expect(history.listed == 1, "seed \(seed)")
        }
    }

    @Test func `a commit that changes one file reads at most that file`() async throws {
        let history = History()
        let planner = Planner()
        let first = history.commit(digits)
        _ = try await planner.plan(of: first, from: history.source)
        _ = history.takeRead()
        let parameter = digits.replacing("models/digits/model.yaml", "0.95", with: "0.9")
        let second = history.commit(parameter)
        let plan = try await planner.plan(of: second, from: history.source)
        #expect(history.takeRead() == ["models/digits/model.yaml"])
        let digitsName = ModelName(checked: "digits")
        #expect(plan.models[digitsName]?.declaration.promotion.first?.bound == .atLeast(0.9))
        let code = history.commit(parameter.setting("models/digits/train.py", to: "new\n"))
        _ = try await planner.plan(of: code, from: history.source)
        #expect(history.takeRead().isEmpty)
        _ = try await planner.plan(of: second, from: history.source)
        #expect(history.takeRead().isEmpty && history.listed == 1)
    }

    @Test func `a role that a changed model names and nobody has is told once`() async throws {
        let history = History()
        let planner = Planner()
        _ = try await planner.plan(of: history.commit(digits), from: history.source)
        let asking = digits.replacing(
            "models/digits/model.yaml", "review: {approvals: 1}",
            with: "review: {require: [{from: \"role:nobody\"}]}")
        let plan = try await planner.plan(of: history.commit(asking), from: history.source)
        let fresh = try await planned(asking)
        #expect(plan.diagnostics == fresh.diagnostics)
        let back = try await planner.plan(of: history.commit(digits), from: history.source)
        #expect(back.allDiagnostics.isEmpty)
    }

    @Test func `a commit that cannot be compared changes nothing`() async throws {
        let history = History()
        let planner = Planner()
        let first = history.commit(digits)
        let before = try await planner.plan(of: first, from: history.source)
        let broken = PlanSource(
            listing: { _ in throw Failure("gone") }, changes: { _, _ in throw Failure("gone") },
            read: { _ in throw Failure("gone") })
        await #expect(throws: Failure.self) {
            try await planner.plan(of: history.commit([:]), from: broken)
        }
        let after = try await planner.plan(of: first, from: history.source)
        #expect(after.models == before.models && history.listed == 1)
    }
}
