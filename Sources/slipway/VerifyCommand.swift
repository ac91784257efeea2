import ArgumentParser
import Daemon
import Domain
import Git
import Host
import Provenance
import Review

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove a version from a clone alone: its evidence, approvals, policy, artifact.",
        discussion: """
            Fetches, and then needs neither network nor daemon. Follows the chain from the \
            version's tag over its evidence to the signatures of those who approved it, under the \
            policy of that time, and prints the proof or the first link that does not hold. Exit \
            code 0 when everything holds, 1 when a link does not, 3 for an unknown version. \
            docs/verify.md says what each link means.

            Example:
              slipway verify digits@v1.1.0 --trust allowed_signers --approvals 2
              slipway verify digits --trust allowed_signers --artifacts /srv/artifacts
              slipway verify --attestation digits.dsse.json --key builder.pub
            """)

    @Argument(
        help: ArgumentHelp(
            "A version (`digits@v1.1.0`), or a model for what is assigned; else all assigned.",
            valueName: "version"))
    var reference: VersionReference?

    @OptionGroup var trust: TrustOptions

    @Option(
        help: ArgumentHelp("Who signs for the bot; else as --trust says.", valueName: "file"))
    var bot: String?

    @Option(
        help: ArgumentHelp(
            "An artifact store, or the files of one version: they are hashed again.",
            valueName: "folder"))
    var artifacts: String?

    @Option(help: ArgumentHelp("Check a signed statement instead.", valueName: "file"))
    var attestation: String?

    @Option(help: ArgumentHelp("The public key for --attestation.", valueName: "file"))
    var key: String?

    @OptionGroup var notes: NotesOptions
    @OptionGroup var format: JSONOption

    func validate() throws {
        guard (attestation == nil) == (key == nil) else {
            throw ValidationError("--attestation and --key belong together.")
        }
    }

    func run() async throws {
        if let attestation, let key {
            return try await AttestationCheck(file: attestation, key: key).run(format)
        }
        let clone = try await Clone.find()
        let first = try await trust.read(clone)
        let files = try artifacts.map { try AuditedArtifacts($0) }
        let moved = try await clone.fetchDecisions(notes)
        let repository = try clone.repository()
        let decisions = try await DecisionNotes(of: repository)
        let memory = RememberedHead(clone)
        let log = decisions.check(remembered: await memory.read())
        let audit = VersionAudit(
            repository: repository, notes: decisions, log: log, first: first,
            bot: try botTrust(first), artifacts: files,
            folder: environmentVariable("TMPDIR") ?? "/tmp")
        let versions = try await versions(audit)
        if let files, !files.isStore, versions.count > 1 {
            throw Stop(
                .usage, "these are the files of one version", at: files.folder,
                hint: "slipway verify \(versions[0].model)@\(versions[0].version) --artifacts …")
        }
        for (model, version) in versions where moved.contains("\(model)@\(version)") {
            throw Stop(
                .wrong, "`\(notes.remote)` has another tag \(model)@\(version) than this clone",
                at: VersionProof.Link.Name.tag.rawValue, hint: "git ls-remote --tags")
        }
        var proofs: [VersionProof] = []
        for (model, version) in versions { proofs.append(try await audit.proof(model, version)) }
        await memory.write(log)
        try await show(proofs)
        guard proofs.allSatisfy(\.holds) else { throw Stop(.wrong) }
    }

    private func botTrust(_ first: FirstTrust) throws -> Trust {
        guard let bot else { return first.policy(digest: nil).trust }
        let path = absolutePath(bot)
        guard exists(path) else { throw Stop(.notFound, "there is no such file", at: path) }
        let text = String(decoding: try readFile(path, limitBytes: 4 << 20), as: UTF8.self)
        return Trust(signers: AllowedSigners.parsing(text, file: path).value)
    }

    /// What is to be proven: one version, or those that environments assign.
    private func versions(
        _ audit: VersionAudit
    ) async throws -> [(model: ModelName, version: SemanticVersion)] {
        if let model = reference?.model, let version = reference?.version {
            guard try await audit.knows(model, version) else {
                throw Stop(
                    .notFound, "there is no version \(model)@\(version)",
                    hint: "git tag --list '\(model)@*'")
            }
            return [(model, version)]
        }
        let models = reference.map { [$0.model] } ?? audit.notes.models
        let found = models.flatMap { model in
            Set(audit.notes.record(of: model).current.values.map(\.version)).sorted()
                .map { (model: model, version: $0) }
        }
        guard !found.isEmpty else {
            let what = reference.map { "no environment serves `\($0.model)`" }
            throw Stop(
                .notFound, what ?? "no environment serves anything", at: DecisionNotes.ref,
                hint: "git fetch, or name a version: slipway verify digits@v1.0.0")
        }
        return found
    }

    private struct ProofsView: Encodable {
        var holds: Bool
        var proofs: [VersionProof]
    }

    private func show(_ proofs: [VersionProof]) async throws {
        if format.json {
            let view = ProofsView(holds: proofs.allSatisfy(\.holds), proofs: proofs)
            return await Console.put(bytes: try compactJSON(view))
        }
        for proof in proofs { await Console.put(text(of: proof)) }
    }
}

/// A proof link by link, and what it comes to.
private func text(of proof: VersionProof) -> String {
    var table = Table("LINK", "", "WHAT")
    for link in proof.links {
        switch link.finding {
        case .holds(let sentence): table.add(link.name.rawValue, "ok", sentence)
        case .broken(let sentence, _): table.add(link.name.rawValue, "BROKEN", sentence)
        }
    }
    return "\(table.text)\n\n\(proof.text)\n"
}
