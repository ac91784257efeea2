import Domain

@testable import Review

extension Forgery {
    /// Tags that do not say what they approve.
    static let messages: [Forgery] = [
        message("no evidence", "Looks good.\n", reason: "no `Evidence:` line"),
        message("other evidence", line(String(repeating: "6", count: 64)), reason: "begins with 6"),
        message("two lines", line(evidence.hex) + line(evidence.hex), reason: "more than one"),
        message(
            "two lines that differ", line(evidence.hex) + line(String(repeating: "6", count: 64)),
            reason: "more than one"),
        message("in upper case", line(evidence.hex.uppercased()), reason: "64 lower-case"),
        message(
            "with spaces inside", line(evidence.hex.prefix(32) + " " + evidence.hex.suffix(32)),
            reason: "64 lower-case"),
        message("the id alone", line(String(evidence.hex.prefix(16))), reason: "64 lower-case"),
        message("a digit too many", line(evidence.hex + "0"), reason: "64 lower-case"),
        message("an invisible character", line("\u{200B}" + evidence.hex), reason: "64 lower-case"),
        message("the token in lower case", "evidence: \(evidence)\n", reason: "no `Evidence:`"),
        message("a look-alike token", "\u{415}vidence: \(evidence)\n", reason: "no `Evidence:`"),
        message("above the comment", line(evidence.hex) + "\nNo.\n", reason: "last paragraph"),
        message("inside the comment", "No:\n" + line(evidence.hex) + "but no\n", reason: "last "),
        message("folded", "A: b\n Evidence: \(evidence)\n", reason: "no `Evidence:`"),
    ]

    private static func line(_ value: some StringProtocol) -> String { "Evidence: \(value)\n" }

    /// git knows nothing of evidence.
    private static func message(_ name: String, _ text: String, reason: String) -> Forgery {
        Forgery("evidence: \(name)", plainGit: .accepts, reason: reason) {
            try $0.tag(message: text)
        }
    }

    /// Good signatures by people who may not approve, or have done so.
    static let people: [Forgery] = [
        maker("the author approves", CommitPeople(author: "ada@example.org", committer: "ci@x")),
        maker("the committer approves", CommitPeople(author: "ci@x", committer: "ADA@example.org")),
        maker(
            "a co-author approves",
            CommitPeople(author: "ci@x", committer: "ci@x", coAuthors: ["ada@example.org"])),
        Forgery("the author through a second key", plainGit: .accepts, reason: "made these") {
            $0.signers = "ada@example.org,root \($0.ada)\nroot \($0.eve)\n"
            $0.people[0].author = "ada@example.org"
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/root", by: "eve")
        },
        Forgery("the author through a certificate", plainGit: .accepts, reason: "made these") {
            let authority = try $0.scratch.key("ca")
            $0.signers = "cleo@example.org \($0.eve)\n*@example.org cert-authority \(authority)\n"
            _ = try $0.scratch.certificate("eve", by: "ca")
            try $0.tag(by: "eve-cert")
        },
        Forgery("the author by certificate alone", plainGit: .accepts, reason: "made these") {
            $0.signers = "*@example.org cert-authority \(try $0.scratch.key("ca"))\n"
            _ = try $0.scratch.certificate("eve", by: "ca", names: "Cleo@example.org")
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/Cleo@example.org", by: "eve-cert")
        },
        Forgery("the same object after deletion", plainGit: .accepts, reason: "seen already") {
            try $0.tag()
            try $0.count()
            let id = $0.id
            try $0.scratch.run(
                """
                cd repo; git update-ref -d 'refs/tags/\(approveName)'
                git update-ref 'refs/tags/\(approveName)' \(id)
                """)
            try $0.publish()
        },
        Forgery("a second tag by the same key", plainGit: .accepts, reason: "approved already") {
            try $0.tag()
            try $0.count()
            try $0.tag(at: "2026-05-31T00:00:01Z")
        },
        Forgery("the same key under two names", plainGit: .accepts, reason: "approved already") {
            $0.signers = "ada@example.org,root \($0.ada)\n"
            try $0.tag()
            try $0.count()
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/root")
        },
        Forgery("two names and two keys of one", plainGit: .accepts, reason: "approved already") {
            $0.signers = "ada@example.org,root \($0.ada)\nroot,admin \($0.bob)\nadmin \($0.eve)\n"
            try $0.tag()
            try $0.count()
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/admin", by: "eve")
        },
        Forgery("the same key with a certificate", plainGit: .accepts, reason: "approved already") {
            let authority = try $0.scratch.key("ca")
            $0.signers = "ada@example.org \($0.ada)\n* cert-authority \(authority)\n"
            try $0.tag()
            try $0.count()
            _ = try $0.scratch.certificate("ada", by: "ca", names: "root")
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/root", by: "ada-cert")
        },
    ]

    private static func maker(_ name: String, _ people: CommitPeople) -> Forgery {
        Forgery(name, plainGit: .accepts, reason: "made these changes") {
            $0.people.append(people)
            try $0.tag()
        }
    }

    /// Names that people take for Ada's or Zoë's. Bob is trusted, as himself.
    static let lookalikes: [Forgery] = [
        lookalike("a Cyrillic letter", "\u{430}da@example.org", reason: "U+0430"),
        lookalike("a zero-width joiner", "ada\u{200D}@example.org", reason: "U+200D"),
        lookalike("a text direction", "ada\u{202E}@example.org", reason: "U+202E"),
        lookalike("a full-width letter", "\u{FF41}da@example.org", reason: "U+FF41"),
        Forgery("Zoë in two scalars, not in one", plainGit: .accepts, reason: "U+0308") {
            $0.signers = "zo\u{EB}@example.org \($0.ada)\n"
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/zoe\u{308}@example.org")
        },
        Forgery("Zoë in one scalar, not in two", plainGit: .accepts, reason: "U+00EB") {
            $0.signers = "zoe\u{308}@example.org \($0.ada)\n"
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/zo\u{EB}@example.org")
        },
        Forgery("Zoë a second time as another", plainGit: .accepts, reason: "not in the trusted") {
            $0.signers = "zo\u{EB}@example.org \($0.ada)\nzoe\u{308}@example.org \($0.bob)\n"
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/zoe\u{308}@example.org", by: "bob")
        },
        Forgery("a look-alike slipped into the file", plainGit: .accepts, reason: "not in the") {
            $0.signers += "\u{430}da@example.org \($0.eve)\n"
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/\u{430}da@example.org", by: "eve")
        },
    ]

    private static func lookalike(_ name: String, _ reviewer: String, reason: String) -> Forgery {
        Forgery("look-alike: \(name)", plainGit: .accepts, reason: reason) {
            try $0.tag("approve/digits/5f5f5f5f5f5f5f5f/\(reviewer)", by: "bob")
        }
    }
}
