import Domain
import FoundationEssentials
import Host
import Testing

/// What an auditor with a clone finds: the truth, and every forgery.
@Suite struct VerifyTests {
    @Test(.timeLimit(.minutes(15)))
    func `a stranger proves a version from a clone, and each forgery breaks its own link`()
        async throws
    {
        try await ReleasedRepository.use { genuine in
            try await proof(genuine)
            try await log(genuine)
            try await statements(genuine)
            try await forgeries(genuine)
            try await artifactForgery(genuine)
            try await fetchForgeries(genuine)
        }
    }

    private func proof(_ genuine: ReleasedRepository) async throws {
        let copy = try await genuine.copy("honest")
        let result = try await copy.verify("--approvals", "2", "--artifacts", genuine.artifacts)
        #expect(result.status == .exited(0), "\(result.outputText)\(result.errorText)")
        let last = result.outputText.split(separator: "\n").last.map(String.init) ?? ""
        #expect(last.hasPrefix("shell v1.0.0 holds: 2 of 2: reviewer@example.org by SHA256:"))
        #expect(last.contains(", bob@example.org by SHA256:"))
        #expect(last.contains("author engineer@example.org excluded"))
        #expect(last.hasSuffix(" checked"))
        for link in ["log", "tag", "release", "candidate", "evidence", "judgement", "people"] {
            #expect(result.outputText.contains("\n\(link) "), "no \(link)")
        }
        // Offline, without artifacts, for everything that is assigned, as JSON.
        let json = try await copy.audit(
            "verify", "--trust", genuine.trust, "--offline", "--json")
        #expect(json.status == .exited(0), "\(json.errorText)")
        #expect(json.outputText.hasPrefix(#"{"holds":true,"proofs":[{"holds":true,"links":["#))
        #expect(json.outputText.contains("artifact not checked"))
        // A stricter least rule than that of the daemon is not met.
        let stricter = try await copy.verify("--approvals", "3")
        #expect(stricter.status == .exited(1))
        #expect(stricter.outputText.contains("\nwhere: policy\n"))
        let unknown = try await copy.audit(
            "verify", "shell@v9.0.0", "--trust", genuine.trust)
        #expect(unknown.status == .exited(3))
        let nobody = try await copy.audit("verify", "shell@v1.0.0")
        #expect(nobody.status == .exited(64))
        #expect(nobody.errorText.contains("--trust FILE"))
    }

    private func log(_ genuine: ReleasedRepository) async throws {
        let copy = try await genuine.copy("logged")
        let log = try await copy.audit("log")
        #expect(log.status == .exited(0), "\(log.errorText)")
        #expect(log.errorText.contains("chain whole: "))
        let lines = log.outputText.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("#  WHEN") == true)
        #expect(lines.last?.contains("assigned v1.0.0 to production") == true)
        #expect(lines.contains { $0.contains("bob@example.org") && $0.contains("key SHA256:") })
        let newest = try await copy.audit("log", "shell", "--limit", "1", "--json", "--offline")
        #expect(newest.outputText.contains(#""chain":{"head":{"digest":""#))
        #expect(newest.outputText.contains(#""who":{"kind":"bot"}"#))
        #expect(try await copy.audit("log", "nope", "--offline").status == .exited(3))
        #expect(try await copy.audit("log", "--since", "2999-01-01").outputText.isEmpty)

        // Somebody takes the newest decisions away: the clone remembers that they were there.
        try await copy.git("update-ref", "refs/notes/slipway", "refs/notes/slipway~1")
        for command in [["log"], ["verify", "--trust", genuine.trust]] {
            let rewritten = try await copy.attempt(genuine.binary, command, in: copy.clone)
            #expect(rewritten.status == .exited(1))
            #expect(rewritten.errorText.contains("are not those that this clone has"))
            #expect(rewritten.errorText.contains("where: log"))
        }
        let ref = "+refs/notes/slipway:refs/notes/slipway"
        try await copy.run("git", ["fetch", "-q", "origin", ref], in: copy.clone)
        let cut = try await copy.audit("log")
        #expect(cut.status == .exited(1))
        #expect(cut.errorText.contains("chain broken: the log ends with record"))
        #expect(try await copy.verify().outputText.contains("where: log"))
    }

    private func statements(_ genuine: ReleasedRepository) async throws {
        let copy = try await genuine.copy("exported")
        let key = "\(genuine.folder)/key"
        let made = try await copy.audit(
            "provenance", "shell@v1.0.0", "--key", key, "--output", "attestations")
        #expect(made.status == .exited(0), "\(made.errorText)")
        let files = made.outputText.split(separator: "\n").map(String.init)
        #expect(files.count == 3)
        for file in files {
            let good = try await copy.audit(
                "verify", "--attestation", file, "--key", "\(key).pub")
            #expect(good.status == .exited(0), "\(good.errorText)")
            #expect(good.outputText.contains("shell@v1.0.0 sha256:"))
        }
        try writeFileAtomically(
            "\(genuine.folder)/two.jsonl",
            try readFile(files[1], limitBytes: 1 << 20) + Array("\nnothing\n".utf8))
        let second = try await copy.audit(
            "verify", "--attestation", "\(genuine.folder)/two.jsonl", "--key", "\(key).pub")
        #expect(second.status == .exited(1))
        #expect(second.errorText.contains("it is not the JSON of a DSSE envelope"))
        let at = (try readFile(files[1], limitBytes: 1 << 20)).last == 10 ? 3 : 2
        #expect(second.errorText.contains("two.jsonl:\(at)\n"), "\(second.errorText)")
        let other = try await copy.audit(
            "verify", "--attestation", files[0], "--key", "\(genuine.folder)/key2.pub")
        #expect(other.status == .exited(1))
        var bytes = try readFile(files[0], limitBytes: 1 << 20)
        let place = try #require(bytes.firstRange(of: Array("payload\":\"".utf8))).upperBound + 40
        bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        try writeFileAtomically(files[0], bytes)
        let altered = try await copy.audit(
            "verify", "--attestation", files[0], "--key", "\(key).pub")
        #expect(altered.status == .exited(1))
        let bare = try await copy.audit("provenance", "shell")
        #expect(bare.status == .exited(0))
        #expect(bare.errorText.contains("not signed"))
        #expect(bare.outputText.contains(#""predicateType":"https://slsa.dev/provenance/v1""#))
    }

    private struct Forgery {
        var name: String
        /// The link that must not hold.
        var link: String
        var forge: (ForgedCopy) async throws -> Void
    }

    private func forgeries(_ genuine: ReleasedRepository) async throws {
        for forgery in bot + people {
            let copy = try await genuine.copy(forgery.name)
            try await forgery.forge(copy)
            let result = try await copy.verify("--approvals", "2")
            #expect(result.status == .exited(1), "\(forgery.name): \(result.outputText)")
            #expect(
                result.outputText.contains("\nwhere: \(forgery.link)\n")
                    || result.outputText.hasSuffix("\nwhere: \(forgery.link)\n\n"),
                "\(forgery.name): \(result.outputText)\(result.errorText)")
        }
    }

    private let version = "refs/tags/shell@v1.0.0"

    /// What somebody can do who writes the bot's refs.
    private var bot: [Forgery] {
        [
            Forgery(name: "tag-moved", link: "release") { copy in
                let commit = try await copy.git(
                    "-c", "user.name=x", "-c", "user.email=x@x", "commit-tree", "-m", "other",
                    "main^{tree}")
                let old = try await copy.git("rev-parse", "main")
                let text = try await copy.git("cat-file", "tag", version)
                let tag = try await copy.git(
                    "hash-object", "-t", "tag", "-w", "--stdin",
                    input: text.replacing("object \(old)", with: "object \(commit)") + "\n")
                try await copy.git("update-ref", version, tag)
            },
            Forgery(name: "tag-renamed", link: "tag") { copy in
                let text = try await copy.git("cat-file", "tag", version)
                let tag = try await copy.git(
                    "hash-object", "-t", "tag", "-w", "--stdin",
                    input: text.replacing("tag shell@v1.0.0", with: "tag shell@v1.0.1") + "\n")
                try await copy.git("update-ref", version, tag)
            },
            Forgery(name: "tag-deleted", link: "tag") { copy in
                try await copy.git("update-ref", "-d", version)
            },
            Forgery(name: "note-altered", link: "log") { copy in
                try await copy.forge([("looks right", "looks wrong")], chained: false)
            },
            Forgery(name: "evidence-swapped", link: "evidence") { copy in
                let artifact = try await copy.noted(#""artifact":"([0-9a-f]{64})"#)
                try await copy.forge([(artifact, String(artifact.reversed()))])
            },
            Forgery(name: "candidate-swapped", link: "candidate") { copy in
                let candidate = try await copy.noted(#""candidate":"([0-9a-f]{64})"#)
                try await copy.forge([(candidate, String(candidate.reversed()))])
            },
            Forgery(name: "report-embellished", link: "judgement") { copy in
                try await copy.forge([
                    (#""name":"accuracy","value":1"#, #""name":"accuracy","value":2"#)
                ])
            },
            Forgery(name: "policy-weakened", link: "policy") { copy in
                // The evidence is that of another policy, and every digest of it fits again.
                try await copy.exchangePolicy()
            },
        ]
    }

    /// What somebody can do who has a reviewer's key besides.
    private var people: [Forgery] {
        [
            Forgery(name: "one-approval", link: "people") { copy in
                let tag = try await copy.git(
                    "for-each-ref", "--format=%(objectname)", "refs/tags/approve/shell/*/bob*")
                try await copy.forge([
                    (#","bob@example.org""#, ""), (#","\#(tag)""#, ""),
                    ("Approved-by: bob@example.org\n", ""),
                ])
            },
            Forgery(name: "author-approved", link: "people") { copy in
                let old = try await copy.git("rev-parse", "main")
                let text = try await copy.git("cat-file", "commit", "main")
                let new = try await copy.git(
                    "hash-object", "-t", "commit", "-w", "--stdin",
                    input: text.replacing(
                        "author Engineer <engineer@example.org>",
                        with: "author Reviewer <Reviewer@Example.org>") + "\n")
                try await copy.git("update-ref", "refs/heads/main", new)
                try await copy.forge([(old, new)])
            },
            Forgery(name: "approval-unsigned", link: "signatures") { copy in
                try await copy.replaceApproval { text in
                    let end = text.firstRange(of: "-----BEGIN")?.lowerBound ?? text.endIndex
                    return String(text[..<end])
                }
            },
            Forgery(name: "approval-reworded", link: "signatures") { copy in
                try await copy.replaceApproval { $0.replacing("looks right", with: "looks great") }
            },
            Forgery(name: "approval-gone", link: "signatures") { copy in
                let refs = try await copy.git(
                    "for-each-ref", "--format=%(refname)", "refs/tags/approve/")
                for ref in refs.split(separator: "\n") {
                    try await copy.git("update-ref", "-d", String(ref))
                }
                try await copy.git("gc", "-q", "--prune=now")
            },
        ]
    }

    private func artifactForgery(_ genuine: ReleasedRepository) async throws {
        let copy = try await genuine.copy("artifact")
        let store = "\(genuine.folder)/store"
        try await copy.run("cp", ["-r", genuine.artifacts, store], in: genuine.folder)
        let good = try await copy.verify("--artifacts", store)
        #expect(good.status == .exited(0), "\(good.outputText)")
        for entry in try walk("\(store)/objects") where entry.kind == .file {
            let path = "\(store)/objects/\(entry.path)"
            let bytes = try readFile(path, limitBytes: 1 << 20)
            guard bytes == Array("1\n".utf8) else { continue }
            try replaceFile(path, Array("2\n".utf8))
        }
        let flipped = try await copy.verify("--artifacts", store)
        #expect(flipped.status == .exited(1), "\(flipped.outputText)")
        #expect(flipped.outputText.contains("\nwhere: artifact\n"))
        #expect(flipped.errorText.contains("weights"))
        let empty = try await copy.verify("--artifacts", genuine.bare)
        #expect(empty.outputText.contains("where: artifact"))
    }

    /// The remote has other tags than the clone that was there before.
    private func fetchForgeries(_ genuine: ReleasedRepository) async throws {
        let copy = try await genuine.copy("moved-later")
        #expect(try await copy.verify().status == .exited(0))
        try await copy.git("update-ref", version, "main")
        let moved = try await copy.verify()
        #expect(moved.status == .exited(1))
        #expect(moved.errorText.contains("has another tag shell@v1.0.0 than this clone"))
    }
}

extension ForgedCopy {
    /// Replaces the first reviewer's approval by another object, here and in the notes.
    func replaceApproval(_ edit: (String) -> String) async throws {
        let ref = try await git(
            "for-each-ref", "--format=%(refname)", "refs/tags/approve/shell/*/reviewer*")
        let old = try await git("rev-parse", ref)
        let raw = try await attempt("git", ["cat-file", "tag", ref], in: bare).outputText
        let new = try await git(
            "hash-object", "-t", "tag", "-w", "--stdin", "--literally", input: edit(raw))
        try await git("update-ref", ref, new)
        try await forge([(old, new)])
    }

    /// Makes the evidence that of another policy, with a digest that fits wherever it stands.
    func exchangePolicy() async throws {
        let evidence = try await noted(#""evidence":(\{"artifact".*?\}),"evidenceDigest""#)
        let policy = try await noted(#""policy":"([0-9a-f]{64})"#)
        let other = String(policy.reversed())
        let forged = evidence.replacing(policy, with: other)
        func digest(_ text: String) async throws -> String {
            let line = try await run("sha256sum", [], in: bare, input: text)
            return String(line.prefix(64))
        }
        let (old, new) = (try await digest(evidence), try await digest(forged))
        try await forge([
            (policy, other), (old, new), (String(old.prefix(16)), String(new.prefix(16))),
        ])
    }
}
