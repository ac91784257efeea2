import Daemon
import Domain
import Host
import Journal
import Testing

/// Who may decide comes from what was trusted before, never from the commit that is judged.
@Suite struct PolicyTests {
    /// Runs a story with two reviewers, ada (`key`) and eve (`eve`), and their files in the clone.
    private func play(_ story: (Yard) async throws -> Void) async throws {
        try await DaemonTests.play { yard in
            await yard.stop()
            try await yard.trust("eve@example.org", key: "eve")
            try await yard.start()
            try await story(yard)
        }
    }

    private func signers(_ yard: Yard) throws -> String {
        String(decoding: try readFile(yard.state.signers, limitBytes: 10_000), as: UTF8.self)
    }

    private let rules = "branch: main\nreview: {approvals: 2}\n"

    /// The evidence of the proposal that waits.
    private func proposal(_ yard: Yard) async throws -> PolicyProposal {
        var found: PolicyProposal?
        try await eventually("a change of policy waits") {
            let record = try await policy(yard)
            found = record.open.flatMap { record.shown[$0]?.proposal }
            return found != nil
        }
        return try #require(found)
    }

    private func policy(_ yard: Yard) async throws -> PolicyRecord {
        PolicyRecord(records: try await yard.journal.decisions(of: .policy))
    }

    private func adopt(_ yard: Yard, by reviewers: [(String, String)]) async throws {
        let before = try await policy(yard).trusted
        let proposal = try await proposal(yard)
        for (name, key) in reviewers {
            try await yard.sign(
                "approve", "policy", proposal.evidenceDigest, by: name, key: key)
        }
        try await eventually("the policy is trusted") { try await policy(yard).trusted != before }
    }

    private let ada = ("ada@example.org", "key")
    private let eve = ("eve@example.org", "eve")

    private func problem(_ yard: Yard, _ key: String) async throws -> Failure? {
        try await yard.journal.problems().first { $0.key == key }?.failure
    }

    @Test(.timeLimit(.minutes(3)))
    func `a policy weakened in the same push is not used for that push`() async throws {
        try await play { yard in
            var files = shellModel(right: 7)
            files["slipway.yaml"] = rules
            _ = try await yard.push(files, "two must approve")
            try await adopt(yard, by: [ada])
            files = shellModel(right: 8)
            files["slipway.yaml"] = "branch: main\nreview: {approvals: 1}\n"
            let weak = try await yard.push(files, "one is enough")
            let digest = try await yard.evidence(weak)
            try await yard.sign("approve", "m", digest)
            try await yard.until("ada's approval is seen") { $0.tags.count == 1 }
            let waiting = try await proposal(yard)
            #expect(waiting.changes.first?.hasPrefix("weaker: ") ?? false, "\(waiting.changes)")
            var found: Failure?
            try await eventually("it is shown") {
                found = try await problem(yard, "policy")
                return found != nil
            }
            let shown = try #require(found)
            #expect(shown.hint == "slipway approve policy")
            #expect(shown.details.map(\.message) == waiting.changes)
            _ = try await yard.push(["unrelated.txt": "x"], "a turn later")
            #expect(try await yard.record("m").releases.isEmpty, "one approval is not two")
            try await yard.sign("approve", "m", digest, by: eve.0, key: eve.1)
            try await yard.until("both have approved") { $0.releases.count == 1 }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a change that is approved under the old rules takes effect at once`() async throws {
        try await play { yard in
            let files = ShellModel().files.merging([".slipway/allowed_signers": try signers(yard)])
            { $1 }
            let first = try await yard.push(files, "first")
            let early = try await yard.evidence(first)
            #expect(try await problem(yard, "policy") == nil, "the same signers are no change")
            try await yard.run(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(yard.folder)/new")
            let key = try readFile("\(yard.folder)/new.pub", limitBytes: 10_000)
            let line = "new@example.org " + String(decoding: key, as: UTF8.self)
            _ = try await yard.push(
                [".slipway/allowed_signers": try signers(yard) + line], "a third reviewer")
            let waiting = try await proposal(yard)
            // Who is proposed has no word about it.
            try await yard.sign(
                "approve", "policy", waiting.evidenceDigest, by: "new@example.org", key: "new")
            try await eventually("the tag is refused") {
                try await policy(yard).tags.first?.refusal?.contains("not in the trusted") ?? false
            }
            try await adopt(yard, by: [ada])
            try await eventually("nothing waits") { try await problem(yard, "policy") == nil }
            var late = early
            try await yard.until("the evidence is made anew") { record in
                guard case .waiting(let id) = record.outcomes[first],
                    let digest = record.shown[id]?.digest
                else { return false }
                late = digest
                return digest != early
            }
            try await yard.sign("approve", "m", late, by: "new@example.org", key: "new")
            try await yard.until("the new reviewer's word counts") { $0.releases.count == 1 }
            #expect(
                try await yard.record("m").releases.first?.approvedBy.map(\.text)
                    == ["new@example.org"])
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `what a model may use is said by what was trusted before`() async throws {
        try await play { yard in
            var files = ShellModel(data: "x\n1\n2\n").files
            files["slipway.yaml"] = "branch: main\nreview: {data: [{allow: [confidential]}]}\n"
            _ = try await yard.push(files, "no private data")
            try await adopt(yard, by: [ada])
            files["slipway.yaml"] = "branch: main\n"
            files["datasets/test.yaml"] = files["datasets/test.yaml"]?
                .replacing("required: true", with: "required: true, classification: pii")
            let commit = try await yard.push(files, "private data, and nobody to mind it")
            try await eventually("the model rests") {
                let status = try await yard.journal.statuses().first { $0.model.text == "m" }
                return status?.suspended?.by == "the trusted policy"
            }
            let status = try await yard.journal.statuses().first { $0.model.text == "m" }
            #expect(
                status?.suspended?.reason.contains("`m` may not use `pii` data") == true,
                "\(status?.summary ?? "")")
            #expect(try await yard.record("m").outcomes[commit] == nil)
            #expect(try await proposal(yard).changes.first?.contains("all data") == true)
            try await adopt(yard, by: [ada])
            _ = try await yard.evidence(commit)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a preview is held against what was trusted before, and runs nothing`() async throws {
        try await play { yard in
            let steps = "\(yard.folder)/steps"
            var model = ShellModel(data: "x\n1\n2\n")
            model.before = "echo x >> \(steps)"
            var files = model.files
            files["slipway.yaml"] =
                "branch: main\npreviews: [feature/*]\nreview: {data: [{allow: [confidential]}]}\n"
            let first = try await yard.push(files, "no private data")
            try await adopt(yard, by: [ada])
            _ = try await yard.evidence(first)
            let before = try readFile(steps, limitBytes: 1 << 10)

            files["slipway.yaml"] = "branch: main\npreviews: [feature/*]\n"
            files["datasets/test.yaml"] = files["datasets/test.yaml"]?
                .replacing("required: true", with: "required: true, classification: pii")
            try await yard.git("checkout", "-q", "-b", "side")
            let side = try await yard.commit(files, "private data, and a policy that lets it")
            try await yard.git("push", "-q", "origin", "HEAD:refs/heads/feature/private")
            try await yard.until("the preview is over") { $0.previews[side]?.isOver ?? false }
            let record = try await yard.record("m")
            #expect(record.previews[side]?.run == nil && record.previews[side]?.verdict == nil)
            let decided = try await yard.journal.decisions(of: record.model)
            let said = decided.compactMap { line -> String? in
                guard line.commit == side, case .previewed(let preview) = line.decision,
                    case .broken(let problems) = preview.end
                else { return nil }
                return problems.first?.message
            }
            #expect(said.first?.contains("`m` may not use `pii` data") == true, "\(said)")
            #expect(try readFile(steps, limitBytes: 1 << 10) == before)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `nobody gets round the policy by taking a classification away`() async throws {
        try await play { yard in
            var files = ShellModel().files
            let data = ShellModel(data: "x\n1\n2\n").files
            files["slipway.yaml"] = "branch: main\nreview: {data: [{allow: []}]}\n"
            files["data/test.csv"] = data["data/test.csv"]
            let manifest = data["datasets/test.yaml"] ?? ""
            files["datasets/test.yaml"] = manifest.replacing(
                "required: true", with: "required: true, classification: pii")
            _ = try await yard.push(files, "private data that nobody uses")
            try await adopt(yard, by: [ada])
            files["datasets/test.yaml"] = manifest
            files["models/m/model.yaml"] = data["models/m/model.yaml"]
            let commit = try await yard.push(files, "used, and private no more")
            try await eventually("the model rests") {
                let status = try await yard.journal.statuses().first { $0.model.text == "m" }
                return status?.suspended?.reason.contains("had it when the policy was approved")
                    ?? false
            }
            #expect(try await yard.record("m").outcomes[commit] == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a history of any length is searched for who may not approve`() async throws {
        try await play { yard in
            var stream = ""
            for number in 1...20_010 {
                let author = number == 5 ? "eve" : "old"
                stream += "commit refs/heads/side\n"
                stream += "committer E <\(author)@example.org> \(number) +0000\n"
                let path = number == 5 ? "models/m/more.sh" : "number"
                stream += "data 1\nx\nM 644 inline \(path)\ndata <<E\n\(number)\nE\n\n"
            }
            try writeFileAtomically("\(yard.folder)/stream", Array(stream.utf8))
            try await yard.run(
                "sh", "-c", "git -C '\(yard.clone)' fast-import --quiet < '\(yard.folder)/stream'")
            try await yard.git("reset", "-q", "--hard", "side")
            let digest = try await yard.evidence(try await yard.push(shellModel(), "first"))
            try await yard.sign("approve", "m", digest, by: eve.0, key: eve.1)
            try await yard.until("it does not count") { record in
                record.tags.contains { $0.principal?.text == eve.0 }
            }
            #expect(try await yard.record("m").releases.isEmpty)
            try await yard.sign("approve", "m", digest)
            try await yard.until("released") { $0.releases.count == 1 }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a warning keeps no change of policy from being proposed`() async throws {
        try await play { yard in
            var files = ShellModel().files
            files["slipway.yaml"] = "branch: main\nreview: {code_owners: true}\n"
            files[".gitlab/CODEOWNERS"] = "* @ada #why\n"
            _ = try await yard.push(files, "owners")
            #expect(try await proposal(yard).changes.first?.hasPrefix("weaker: ") ?? false)
            #expect(try await problem(yard, "policy-files") == nil)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `an owner whom nobody stands behind is shown while evidence waits`() async throws {
        try await play { yard in
            var files = ShellModel().files
            files["slipway.yaml"] = "branch: main\nreview: {code_owners: true}\n"
            files["CODEOWNERS"] = "models/m/ @nobody-known\n"
            let first = try await yard.push(files, "owners")
            try await adopt(yard, by: [ada])
            _ = try await yard.evidence(first)
            try await eventually("it is shown with the model") {
                let status = try await yard.journal.statuses().first { $0.model.text == "m" }
                return status?.summary.contains("nobody stands behind @nobody-known") ?? false
            }
            let shown = try #require(try await problem(yard, "reviewers:m"))
            #expect(shown.what == "m: nobody is behind the owner \"@nobody-known\"")
            #expect(shown.place == "CODEOWNERS:1" && shown.hint?.contains("owners: {") ?? false)
            _ = try await yard.push(["CODEOWNERS": "models/m/ ada@example.org\n"], "mended")
            try await adopt(yard, by: [ada])
            try await eventually("it is gone") { try await problem(yard, "reviewers:m") == nil }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `keys that are more than anybody means to read propose nothing`() async throws {
        try await play { yard in
            var files = ShellModel().files
            files["slipway.yaml"] = rules
            let key = String(repeating: "x", count: 4 << 20)
            for number in 1...5 { files[".slipway/gpg/\(number).asc"] = key }
            _ = try await yard.push(files, "keys")
            var found: Failure?
            try await eventually("it is shown") {
                found = try await problem(yard, "policy-files")
                return found != nil
            }
            #expect(found?.what.contains("more than 16 MiB") ?? false, "\(found?.what ?? "")")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `whoever wrote a change of policy cannot approve it`() async throws {
        try await play { yard in
            _ = try await yard.push(ShellModel().files, "first")
            _ = try await yard.commit(["slipway.yaml": rules], "two", by: ada.0)
            _ = try await yard.pushHead()
            let waiting = try await proposal(yard)
            try await yard.sign("approve", "policy", waiting.evidenceDigest)
            try await eventually("the tag is refused") {
                try await policy(yard).tags.first?.refusal?.contains("made these changes") ?? false
            }
            #expect(try await policy(yard).trusted == nil)
            try await eventually("it is shown") {
                try await problem(yard, "tags:policy")?.what.contains("approve/policy/") ?? false
            }
            let view = try #require(await yard.reconciler?.policyView)
            #expect(view.trusted.commit == nil)
            #expect(view.proposal?.excluded.contains(Principal(ada.0)) ?? false)
            #expect(view.proposal?.have == [] && view.proposal?.need == 1)
            #expect(view.proposal?.evidenceDigest == waiting.evidenceDigest)
            try await adopt(yard, by: [eve])
            #expect(try await policy(yard).trusted?.approvedBy.map(\.text) == [eve.0])
            #expect(try await problem(yard, "tags") == nil, "policy is no stranger")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `old approvals of a signer who was removed count for no new evidence`() async throws {
        try await play { yard in
            let all = try signers(yard)
            var files = shellModel(right: 7)
            files[".slipway/allowed_signers"] = all
            files["slipway.yaml"] = rules
            let first = try await yard.push(files, "first")
            try await adopt(yard, by: [ada])
            let early = try await yard.evidence(first)
            try await yard.sign("approve", "m", early, by: eve.0, key: eve.1)
            try await yard.until("eve's approval is seen") { $0.tags.last?.refusal == nil }
            let only = all.split(separator: "\n").first.map { "\($0)\n" } ?? ""
            _ = try await yard.push(
                [
                    ".slipway/allowed_signers": only,
                    "slipway.yaml": "branch: main\nreview: {approvals: 1}\n",
                ], "eve has left")
            try await adopt(yard, by: [ada, eve])
            var late: Digest?
            try await yard.until("the evidence is made anew") { record in
                guard let id = record.shown.max(by: { $0.value.at < $1.value.at }) else {
                    return false
                }
                late = id.value.digest
                return late != early
            }
            let digest = try #require(late)
            try await yard.sign("approve", "m", digest, by: eve.0, key: eve.1)
            try await yard.until("her new approval is refused") {
                $0.tags.last?.refusal?.contains("not in the trusted") ?? false
            }
            #expect(try await yard.record("m").releases.isEmpty)
            try await yard.sign("approve", "m", digest)
            try await yard.until("ada's counts") { $0.releases.count == 1 }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a file that cannot be read proposes nothing and is shown with its line`() async throws {
        try await play { yard in
            var files = shellModel()
            files[".slipway/allowed_signers"] = try signers(yard) + "mallory ssh-ed25519 AAAA\n"
            let first = try await yard.push(files, "first")
            try await eventually("the line is shown") {
                try await problem(yard, "policy-files")?.place == ".slipway/allowed_signers:3"
            }
            #expect(try await policy(yard).open == nil)
            try await yard.release(first)
            _ = try await yard.push([".slipway/allowed_signers": try signers(yard)], "mended")
            try await eventually("it is gone") {
                try await problem(yard, "policy-files") == nil
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `what is trusted survives a restart, and a rejected change stays rejected`()
        async throws
    {
        try await play { yard in
            var files = shellModel()
            files["slipway.yaml"] = rules
            _ = try await yard.push(files, "two must approve")
            try await adopt(yard, by: [ada])
            _ = try await yard.push(
                ["slipway.yaml": "branch: main\nreview: {approvals: 1}\n"], "one is enough")
            let weak = try await proposal(yard)
            try await yard.sign("reject", "policy", weak.evidenceDigest)
            try await eventually("it is rejected") {
                try await problem(yard, "policy")?.what.contains("was rejected by ada") ?? false
            }
            await yard.stop()
            try await yard.start()
            let second = try await yard.push(shellModel(right: 7), "second")
            try await yard.sign("approve", "m", try await yard.evidence(second))
            try await yard.until("ada's approval is seen") { $0.tags.count == 1 }
            _ = try await yard.push(["unrelated.txt": "x"], "a turn later")
            #expect(try await yard.record("m").releases.isEmpty, "two must approve, as before")
            try await eventually("it is still shown") {
                try await problem(yard, "policy")?.what.contains("rejected") ?? false
            }
        }
    }
}
