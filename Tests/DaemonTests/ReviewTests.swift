import Daemon
import Domain
import Host
import Journal
import Testing

/// Whose word counts, and when.
@Suite struct ReviewTests {
    private func refusal(
        _ yard: Yard, _ evidence: Digest, by name: String
    ) async throws -> String? {
        var refusal: String?
        try await yard.until("the tag of \(name) is seen") { record in
            let tag = record.tags.last {
                $0.evidence == EvidenceID(evidence) && $0.ref.hasSuffix(name)
            }
            refusal = tag?.refusal
            return tag != nil
        }
        return refusal
    }

    @Test(.timeLimit(.minutes(5)))
    func `the author of a merged side branch cannot approve it`() async throws {
        try await play { yard in
            await yard.stop()
            try await yard.trust("side@example.org", key: "side")
            try await yard.start()
            try await yard.release(try await yard.push(shellModel(right: 7), "first"))
            try await yard.git("checkout", "-q", "-b", "side")
            _ = try await yard.commit(shellModel(right: 8), "better", by: "side@example.org")
            try await yard.git("checkout", "-q", "-")
            try await yard.git("merge", "-q", "--no-ff", "-m", "merge the side", "side")
            let merge = try await yard.pushHead()
            let digest = try await yard.evidence(merge)
            try await yard.sign("approve", "m", digest, by: "side@example.org", key: "side")
            let refusal = try await refusal(yard, digest, by: "side@example.org")
            #expect(refusal?.contains("made these changes") ?? false, "\(refusal ?? "accepted")")
            try await yard.release(merge)
            let approvers = try await yard.record("m").releases.last?.approvedBy.map(\.text)
            #expect(approvers == ["ada@example.org"])
        }
    }

    /// `hasDetour`: what is merged back has a commit of its own that touches nothing of the model.
    @Test(.timeLimit(.minutes(5)), arguments: [false, true])
    func `who merges back what was replaced cannot approve it`(hasDetour: Bool) async throws {
        try await play { yard in
            await yard.stop()
            try await yard.trust("side@example.org", key: "side")
            try await yard.start()
            var old = try await yard.push(shellModel(right: 8), "never released")
            _ = try await yard.evidence(old)
            let new = try await yard.push(shellModel(right: 9), "instead")
            try await yard.release(new)
            if hasDetour {
                try await yard.git("checkout", "-q", "--detach", old.hex)
                old = try await yard.commit(["README.md": "x"], "words", by: "side@example.org")
                try await yard.git("checkout", "-q", "main")
            }
            // It has the content of the one parent, byte for byte, and drops that of the other.
            let merge = try await yard.git(
                "-c", "user.email=side@example.org", "commit-tree", "-p", new.hex, "-p", old.hex,
                "-m", "merge", "\(old)^{tree}")
            try await yard.git("reset", "-q", "--hard", String(merge.prefix(40)))
            let digest = try await yard.evidence(try await yard.pushHead())
            try await yard.sign("approve", "m", digest, by: "side@example.org", key: "side")
            let refusal = try await refusal(yard, digest, by: "side@example.org")
            #expect(refusal?.contains("made these changes") ?? false, "\(refusal ?? "accepted")")
            #expect(try await yard.record("m").releases.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `who moves the branch back to their own work cannot approve it`() async throws {
        try await play { yard in
            await yard.stop()
            try await yard.trust("side@example.org", key: "side")
            try await yard.start()
            try await yard.release(try await yard.push(shellModel(right: 7), "first"))
            let own = try await yard.commit(
                shellModel(right: 8), "never released", by: "side@example.org")
            _ = try await yard.pushHead()
            _ = try await yard.evidence(own)
            try await yard.release(try await yard.push(shellModel(right: 9), "instead"))
            try await yard.git("reset", "-q", "--hard", own.hex)
            let digest = try await yard.evidence(try await yard.pushHead(force: true))
            try await yard.sign("approve", "m", digest, by: "side@example.org", key: "side")
            let refusal = try await refusal(yard, digest, by: "side@example.org")
            #expect(refusal?.contains("made these changes") ?? false, "\(refusal ?? "accepted")")
            #expect(try await yard.record("m").releases.count == 2)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `who helped cannot approve, whatever letters the trailer has`() async throws {
        try await play { yard in
            await yard.stop()
            try await yard.trust("eve@example.org", key: "eve")
            try await yard.start()
            let commit = try await yard.push(
                shellModel(), "a model\n\nco-authored-by: Ada <ADA@example.org>\n")
            let digest = try await yard.evidence(commit)
            try await yard.sign("approve", "m", digest)
            let helper = try await refusal(yard, digest, by: "ada@example.org")
            #expect(helper?.contains("made these changes") ?? false, "\(helper ?? "accepted")")
            // Neither under a name that looks like hers, with a key that counts for another.
            let twin = "\u{430}da@example.org"
            try await yard.sign("approve", "m", digest, by: twin, key: "eve")
            let other = try await refusal(yard, digest, by: twin)
            #expect(other?.contains("U+0430") ?? false, "\(other ?? "accepted")")
            #expect(try await yard.record("m").releases.isEmpty)
            try await yard.sign("approve", "m", digest, by: "eve@example.org", key: "eve")
            try await yard.until("it is released") { $0.releases.count == 1 }
            let approvers = try await yard.record("m").releases.last?.approvedBy.map(\.text)
            #expect(approvers == ["eve@example.org"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `an approval counts for its evidence alone, before and after it is superseded`()
        async throws
    {
        try await play { yard in
            await yard.stop()
            try await yard.trust("eve@example.org", key: "eve")
            try await yard.start()
            var model = ShellModel(right: 7)
            var files = model.files
            files["slipway.yaml"] = "branch: main\nreview: {approvals: 2}\n"
            let first = try await yard.push(files, "first")
            let early = try await yard.evidence(first)
            try await yard.sign("approve", "m", early)
            #expect(try await refusal(yard, early, by: "ada@example.org") == nil)
            model.right = 8
            let second = try await yard.push(
                ["models/m/model.yaml": model.files["models/m/model.yaml"] ?? ""], "second")
            let late = try await yard.evidence(second)
            try await yard.sign("approve", "m", early, by: "eve@example.org", key: "eve")
            #expect(try await refusal(yard, early, by: "eve@example.org") == nil)
            #expect(try await yard.tags().isEmpty, "two approvals of what was superseded")
            try await yard.sign("approve", "m", late)
            try await yard.sign("approve", "m", late, by: "eve@example.org", key: "eve")
            try await yard.until("released") { $0.releases.count == 1 }
            #expect(try await yard.record("m").releases.first?.commit == second)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `an approval that is deleted and pushed again is one approval`() async throws {
        try await play { yard in
            await yard.stop()
            try await yard.trust("eve@example.org", key: "eve")
            try await yard.start()
            var files = shellModel()
            files["slipway.yaml"] = "branch: main\nreview: {approvals: 2}\n"
            let digest = try await yard.evidence(try await yard.push(files, "first"))
            let ref = try await yard.sign("approve", "m", digest)
            #expect(try await refusal(yard, digest, by: "ada@example.org") == nil)
            try await yard.git("push", "-q", "--delete", "origin", ref)
            try await yard.until("its deletion is recorded") { $0.deletedTags.count == 1 }
            try await yard.git("push", "-q", "origin", ref)
            // Another object by the same person does not make it two either.
            try await yard.git("push", "-q", "--delete", "origin", ref)
            try await yard.git("tag", "-d", String(ref.dropFirst(10)))
            try await yard.sign("approve", "m", digest)
            _ = try await yard.push(["unrelated.txt": "x"], "something else")
            #expect(try await yard.record("m").releases.isEmpty)
            try await yard.sign("approve", "m", digest, by: "eve@example.org", key: "eve")
            try await yard.until("released") { $0.releases.count == 1 }
            let approvers = try await yard.record("m").releases.first?.approvedBy.map(\.text)
            #expect(approvers == ["ada@example.org", "eve@example.org"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a tag that names no model is shown once and cleared when it goes`() async throws {
        try await play { yard in
            _ = try await yard.evidence(try await yard.push(shellModel(), "first"))
            try await yard.git("tag", "approve/nobody/0123456789abcdef/ada")
            try await yard.git("push", "-q", "origin", "approve/nobody/0123456789abcdef/ada")
            try await eventually("it is shown") {
                try await yard.journal.problems().map(\.key) == ["tags"]
            }
            try await yard.git(
                "push", "-q", "--delete", "origin", "approve/nobody/0123456789abcdef/ada")
            try await eventually("it is gone") { try await yard.journal.problems().isEmpty }
        }
    }
}
