import Domain
import Testing

@testable import Review

/// One attack: how it is made, what we say, and what plain git says of the same object.
struct Forgery: Sendable, CustomTestStringConvertible {
    /// What `git verify-tag` says with the same signers' file, and the same list of revoked keys.
    enum PlainGit: Sendable { case accepts, refuses }

    let name: String
    let plainGit: PlainGit
    /// A part of the reason that we must give.
    let reason: String
    let make: @Sendable (ForgeryYard) throws -> Void

    init(
        _ name: String, plainGit: PlainGit, reason: String,
        make: @escaping @Sendable (ForgeryYard) throws -> Void
    ) {
        self.name = name
        self.plainGit = plainGit
        self.reason = reason
        self.make = make
    }

    var testDescription: String { name }

    static let table =
        objects + malformed + keys + signatures + certificates + messages + people + lookalikes
}

/// Where one attack happens: a repository, the keys of Ada, Bob and Eve, and who trusts them.
///
/// Ada is the reviewer whom the attacks are about. The signed commit is Cleo's.
final class ForgeryYard {
    let scratch: Scratch
    let ada: String
    let bob: String
    let eve: String
    /// The text of allowed_signers, for us and for git.
    var signers: String
    /// The ref under which the tag is published.
    var ref = "refs/tags/\(approveName)"
    /// The published object.
    var raw: [UInt8] = []
    var id = ObjectID.zero
    /// When the tag is first seen.
    var firstSeen = june
    /// Who made the changes.
    var people = [CommitPeople(author: "cleo@example.org", committer: "cleo@example.org")]
    /// What counts already.
    var earlier: [SeenTag] = []

    init() throws {
        scratch = try Scratch()
        ada = try scratch.key("ada")
        bob = try scratch.key("bob")
        eve = try scratch.key("eve")
        signers = """
            ada@example.org \(ada)
            bob@example.org \(bob)

            """
        try scratch.repository(key: "ada")
        try scratch.run("cd repo; git commit -q -S --amend --allow-empty -m signed")
    }

    /// Tags with git as somebody and publishes what came of it.
    func tag(
        _ name: String = approveName, by key: String = "ada", message: String? = nil,
        options: String = "-s", at date: String = "2026-05-31T00:00:00Z", what: String = "HEAD"
    ) throws {
        let text = message ?? approvalMessage(comment: "Looks good.", evidence: evidence)
        try scratch.write("text", text.utf8)
        try scratch.run(
            "cd repo; GIT_COMMITTER_DATE=\(date) git -c user.signingkey=\"$HOME/\(key).pub\" tag "
                + "-f \(options) --cleanup=verbatim -F ../text '\(name)' \(what)")
        try publish(name)
    }

    /// Takes what the tag points at, and publishes it under the same name.
    func publish(_ name: String = approveName) throws {
        let object = try scratch.object(name)
        (raw, id) = (object.raw, object.id)
        ref = "refs/tags/\(name)"
    }

    /// The bytes of a tag as git writes it, to be changed before they are signed.
    func body(
        name: String = approveName, tagger: String = "Ada <ada@example.org> 1780185600 +0000",
        message: String? = nil
    ) throws -> String {
        try scratch.run("cd repo; git rev-parse HEAD > ../head")
        let head = try scratch.text("head").split(separator: "\n").joined()
        let text = message ?? approvalMessage(comment: "Looks good.", evidence: evidence)
        return "object \(head)\ntype commit\ntag \(name)\ntagger \(tagger)\n\n\(text)"
    }

    func sign(
        _ body: String, by key: String = "ada", namespace: String = "git"
    ) throws -> [UInt8] {
        try scratch.signature(of: Array(body.utf8), by: key, namespace: namespace)
    }

    /// Signs a body as it is, writes it past git's checks, and publishes it.
    func forge(_ body: String, by key: String = "ada") throws {
        try publish(raw: Array(body.utf8) + (try sign(body, by: key)))
    }

    /// Writes an object past git's checks and publishes it.
    func publish(raw: [UInt8]) throws {
        try scratch.write("object", raw)
        try scratch.run(
            "cd repo; git hash-object -t tag -w --literally --stdin < ../object > ../id")
        self.raw = raw
        id = try #require(ObjectID(try scratch.text("id").split(separator: "\n").joined()))
    }

    /// Signs the usual body and changes the parts of the signature.
    func forge(
        signature change: (inout SignatureBlob) throws -> Void
    ) throws {
        let body = try body()
        var blob = try SignatureBlob(armoured: try sign(body))
        try change(&blob)
        try publish(raw: Array(body.utf8) + blob.armoured)
    }

    var trust: Trust {
        get throws {
            // Because most attacks come without a list of revoked keys.
            let list = (try? scratch.read("revoked")) ?? []
            return Trust(
                signers: AllowedSigners.parsing(signers).value,
                revoked: RevokedKeys.parsing(bytes: list).value)
        }
    }

    func checked() throws -> ApprovalCheck {
        check(
            tag: ref, raw: raw, objectID: id, trust: try trust, at: firstSeen,
            knownEvidence: evidence)
    }

    /// Lets what is published count.
    func count() throws {
        guard case .approval(let approval) = try checked() else {
            Issue.record("not an approval: \(try checked())")
            return
        }
        earlier.append(
            SeenTag(
                tag: approval.tagObject, ref: ref, kind: .approve, evidence: approval.evidence,
                principal: approval.reviewer, keyFingerprint: approval.keyFingerprint))
    }

    /// Why the tag does not count; nil when it does.
    func refusal() throws -> String? {
        switch try checked() {
        case .notAnApproval: return "not an approval"
        case .refused(let reason, _): return reason
        case .approval(let approval):
            let trust = try trust
            let makers = exclusions(of: people, rule: ReviewRule(), trust: trust)
            return objection(
                of: approval, shown: evidence, earlier: SeenApprovals(earlier),
                excluded: makers.excluded)?
                .reason
        }
    }

    /// What `git verify-tag` says about the published object.
    func plainGit() throws -> Forgery.PlainGit {
        try scratch.write("signers", signers.utf8)
        let status = try scratch.status(
            """
            cd repo
            if [ -e ../revoked ]; then git config gpg.ssh.revocationFile ../revoked; fi
            git -c gpg.ssh.allowedSignersFile=../signers verify-tag \(id)
            """)
        return status == 0 ? .accepts : .refuses
    }
}

@Suite struct ForgeryTableTests {
    @Test func `an honest tag counts, for us and for git`() throws {
        let yard = try ForgeryYard()
        try yard.tag()
        #expect(try yard.refusal() == nil)
        #expect(try yard.plainGit() == .accepts)
        try yard.forge(try yard.body())
        #expect(try yard.refusal() == nil)
        #expect(try yard.plainGit() == .accepts)
    }

    @Test(arguments: Forgery.table)
    func `no forgery counts`(forgery: Forgery) throws {
        let yard = try ForgeryYard()
        try forgery.make(yard)
        let refusal = try yard.refusal() ?? "it counts"
        let wrongReason = refusal.contains(forgery.reason) ? nil : refusal
        #expect(wrongReason == nil)
        #expect(try yard.plainGit() == forgery.plainGit)
    }

    @Test func `every row has a name of its own`() {
        #expect(Set(Forgery.table.map(\.name)).count == Forgery.table.count)
        #expect(Forgery.table.count >= 60)
        #expect(Forgery.table.filter { $0.plainGit == .accepts }.count >= 20)
    }
}
