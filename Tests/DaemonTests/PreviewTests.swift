import Daemon
import Domain
import Host
import Journal
import Testing

/// Branches and pull requests that are taken up to the gate, over real git and real steps.
@Suite struct PreviewTests {
    /// A model whose every step leaves a line in `file`.
    private func model(_ right: Int, counting file: String) -> [String: String] {
        var model = ShellModel()
        model.right = right
        model.before = "echo x >> \(file)"
        var files = model.files
        files["slipway.yaml"] =
            "branch: main\npreviews: [feature/*, refs/pull/*/head, refs/merge-requests/*/head]\n"
        return files
    }

    private func steps(_ file: String) throws -> Int {
        exists(file) ? try readFile(file, limitBytes: 1 << 20).count(where: { $0 == 10 }) : 0
    }

    private func wholeWay(_ place: Yard.Place, ref: String) async throws {
        try await play(place) { yard in
            let file = "\(yard.folder)/steps"
            let first = try await yard.push(model(7, counting: file), "first")
            try await yard.release(first)
            try await yard.git("checkout", "-q", "-b", "side")
            let side = try await yard.commit(model(8, counting: file), "better")
            try await yard.git("push", "-q", "origin", "HEAD:\(ref)")
            try await yard.until("the preview is judged") { record in
                record.previews[side]?.verdict == .passed
            }
            let record = try await yard.record("m")
            #expect(record.previews[side]?.ref == ref)
            #expect(record.outcomes[side] == nil)
            #expect(record.shown.count == 1)
            #expect(try await yard.tags() == ["m#production#1", "m@v1.0.0"])
            #expect(try steps(file) == 4)

            try await yard.git("checkout", "-q", "main")
            try await yard.git("merge", "-q", "--no-ff", "-m", "merge", "side")
            let merge = try await yard.pushHead()
            _ = try await yard.evidence(merge)
            #expect(try steps(file) == 4, "the merge is a full cache hit")
            try await yard.release(merge)
            #expect(try steps(file) == 4)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a branch is judged, deploys nothing, and its merge starts no step`() async throws {
        try await wholeWay(.direct, ref: "refs/heads/feature/better")
    }

    @Test(.timeLimit(.minutes(5)))
    func `a pull request of a remote is fetched and judged`() async throws {
        try await wholeWay(.file, ref: "refs/pull/7/head")
    }

    @Test(.timeLimit(.minutes(5)))
    func `a fast-forward merge while the preview runs waits for it and repeats nothing`()
        async throws
    {
        try await play { yard in
            let file = "\(yard.folder)/steps"
            let gate = "\(yard.folder)/gate"
            try await yard.release(try await yard.push(model(7, counting: file), "first"))
            var slow = ShellModel()
            slow.before = "echo x >> \(file); while [ ! -e \(gate) ]; do sleep 0.02; done"
            try await yard.git("checkout", "-q", "-b", "side")
            let side = try await yard.commit(
                ["models/m/model.yaml": try #require(slow.files["models/m/model.yaml"])], "slow")
            try await yard.git("push", "-q", "origin", "HEAD:refs/heads/feature/slow")
            try await eventually("its step runs") { try steps(file) == 3 }
            // Because git deletes first unless it is told that all belongs together.
            try await yard.git(
                "push", "-q", "--atomic", "origin", "HEAD:main", ":refs/heads/feature/slow")
            try await yard.until("the commit is started") { $0.outcomes[side] != nil }
            try writeFileAtomically(gate, [])
            _ = try await yard.evidence(side)
            #expect(try steps(file) == 4)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a preview that is deleted is dropped, and its run ends`() async throws {
        try await play { yard in
            let file = "\(yard.folder)/steps"
            try await yard.release(try await yard.push(model(7, counting: file), "first"))
            var slow = ShellModel()
            slow.before = "echo x >> \(file); sleep 600"
            try await yard.git("checkout", "-q", "-b", "side")
            let side = try await yard.commit(
                ["models/m/model.yaml": try #require(slow.files["models/m/model.yaml"])], "slow")
            try await yard.git("push", "-q", "origin", "HEAD:refs/heads/feature/slow")
            try await eventually("its step runs") { try steps(file) == 3 }
            try await yard.git("push", "-q", "origin", ":refs/heads/feature/slow")
            try await yard.until("it is dropped") { $0.previews[side]?.isOver ?? false }
            let run = try #require(try await yard.record("m").previews[side]?.run)
            try await eventually("its run is cancelled") {
                try await yard.journal.run(
                    RunID(model: try #require(ModelName("m")), number: run))?.state == .cancelled
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a preview cannot name itself, and a broken one is said to be broken`() async throws {
        try await play { yard in
            let file = "\(yard.folder)/steps"
            try await yard.release(try await yard.push(model(7, counting: file), "first"))
            try await yard.git("checkout", "-q", "-b", "side")
            var files = model(8, counting: file)
            files["slipway.yaml"] = "branch: main\npreviews: ['**']\n"
            _ = try await yard.commit(files, "wants to be one")
            try await yard.git("push", "-q", "origin", "HEAD:refs/heads/other")
            let broken = try await yard.commit(["models/m/model.yaml": "steps: ["], "broken")
            try await yard.git("push", "-q", "origin", "HEAD:refs/heads/feature/broken")
            try await yard.until("the broken one is over") { $0.previews[broken]?.isOver ?? false }
            #expect(try await yard.record("m").previews.count == 1)
            #expect(try steps(file) == 2)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `where places are short the watched branch's runs come first`() async throws {
        try await play { yard in
            yard.runsMax = 1
            await yard.stop()
            let (gate, order) = ("\(yard.folder)/gate", "\(yard.folder)/order")
            func files(_ name: String, _ right: Int) -> [String: String] {
                var model = ShellModel(name: name)
                model.right = right
                model.before =
                    "echo \(name) >> \(order); while [ ! -e \(gate) ]; do sleep 0.02; done"
                return model.files
            }
            let settings = ["slipway.yaml": "branch: main\npreviews: [feature/*]\n"]
            let all = files("b", 7).merging(files("c", 7)) { $1 }.merging(settings) { $1 }
            let main = try await yard.push(all, "both")
            try await yard.git("checkout", "-q", "-b", "side")
            let side = try await yard.commit(files("a", 8).merging(settings) { $1 }, "new")
            try await yard.git("push", "-q", "origin", "HEAD:refs/heads/feature/new")
            try await yard.start()
            try await eventually("one runs") { exists(order) }
            try writeFileAtomically(gate, [])
            _ = try await yard.evidence(main, "b")
            _ = try await yard.evidence(main, "c")
            try await yard.until("the preview is judged", "a") {
                $0.previews[side]?.verdict == .passed
            }
            let text = String(decoding: try readFile(order, limitBytes: 10_000), as: UTF8.self)
            #expect(text.split(separator: "\n") == ["b", "b", "c", "c", "a", "a"])
        }
    }
}
