import ArgumentParser
import Daemon
import Domain
import FoundationEssentials
import Git
import Host
import Provenance

struct ProvenanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provenance",
        abstract: "Export a version's provenance as in-toto statements.",
        discussion: """
            Three statements about the artifact: how it was made (SLSA provenance v1), what the \
            gate found (test result), and who approved it (verification summary). With --key each \
            is signed, in a DSSE envelope; without, they are bare. They say what the notes say: \
            check those first, with `slipway verify`.

            Example:
              slipway provenance digits@v1.1.0 --key builder-key > digits.dsse.jsonl
              slipway provenance digits@v1.1.0 --key builder-key --output attestations
              slipway verify --attestation digits.dsse.jsonl --key builder-key.pub
            """)

    @Argument(help: ArgumentHelp("Such as `digits@v1.1.0`.", valueName: "version"))
    var reference: VersionReference

    @Option(help: ArgumentHelp("Write one file each there; else print.", valueName: "folder"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "An ed25519 key of OpenSSH without a passphrase, to sign with.", valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "What you call the daemon that made the version.", valueName: "uri"))
    var builder = "urn:slipway:daemon"

    @OptionGroup var notes: NotesOptions

    @Flag(help: "Print JSON, which is what is printed anyway.")
    var json = false

    func run() async throws {
        let clone = try await Clone.find()
        let signer = try key.map { try ed25519Signer(readingKeyAt: $0) }
        _ = try await clone.fetchDecisions(notes)
        let repository = try clone.repository()
        let decisions = try await DecisionNotes(of: repository)
        let version = try version(decisions)
        let setting = try await setting(clone, repository, decisions, version)
        let facts: VersionFacts
        do throws(ProvenanceError) {
            facts = try VersionFacts(
                reference.model, version, records: decisions.records, setting: setting)
        } catch {
            throw Stop(.notFound, error.description, at: DecisionNotes.ref, hint: error.hint)
        }
        let statements = [
            ("provenance", facts.buildStatement.payload),
            ("test-result", facts.evaluationStatement.payload),
            ("decision", facts.decisionStatement().payload),
        ]
        if signer == nil {
            await Console.say(
                "note: these statements are not signed, and prove nothing: --key FILE signs them")
        }
        for (name, payload) in statements {
            try await write(try signed(payload, signer), name, version, isSigned: signer != nil)
        }
    }

    /// The version that was named, or the only one that is assigned.
    private func version(_ decisions: DecisionNotes) throws -> SemanticVersion {
        if let version = reference.version { return version }
        let current = Set(
            decisions.record(of: reference.model).current.values.map(\.version))
        guard let only = current.first, current.count == 1 else {
            throw Stop(
                .notFound, "\(count(current.count, "version")) of \(reference.model) are assigned",
                hint: "name one: slipway provenance \(reference.model)@v1.0.0")
        }
        return only
    }

    private func setting(
        _ clone: Clone, _ repository: Repository, _ decisions: DecisionNotes,
        _ version: SemanticVersion
    ) async throws -> VersionFacts.Setting {
        let address = await clone.setting("remote.\(notes.remote).url") ?? clone.folder
        var head = RepositoryDeclaration().branch
        if let commit = decisions.record(of: reference.model).release(version)?.commit,
            let declared = try await repositoryDeclaration(at: commit, of: repository)
        {
            head = declared.branch
        }
        return VersionFacts.Setting(
            repository: repositoryURI(address), ref: "refs/heads/\(head)", builder: builder,
            builderVersion: ["slipway": Slipway.configuration.version])
    }

    private func signed(_ payload: [UInt8], _ signer: Ed25519Signer?) throws -> [UInt8] {
        guard let signer else { return payload }
        let envelope = try Envelope(signing: payload) { message throws(ProvenanceError) in
            try signer.sign(message)
        }
        return envelope.json
    }

    private func write(
        _ bytes: [UInt8], _ name: String, _ version: SemanticVersion, isSigned: Bool
    ) async throws {
        let line = bytes + [UInt8(ascii: "\n")]
        guard let output else { return await Console.put(bytes: line) }
        let folder = absolutePath(output)
        try makeFolder(folder)
        let ending = isSigned ? "dsse.json" : "json"
        let path = "\(folder)/\(reference.model)@\(version).\(name).\(ending)"
        try replaceFile(path, line)
        await Console.put(path)
    }
}
