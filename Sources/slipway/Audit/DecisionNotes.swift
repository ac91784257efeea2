import Domain
import Git
import Provenance

/// Every decision that the notes of a clone hold; no daemon is asked.
struct DecisionNotes: Sendable {
    static let ref = "refs/notes/slipway"

    /// The notes commit; nil: the clone has none.
    let tip: CommitID?
    /// Every line with its place in the chain.
    private(set) var lines: [AuditLine] = []
    /// In their sequence, each once; what a later version of Slipway wrote is not among them.
    private(set) var records: [DecisionRecord] = []
    /// How many lines are no decision of this version.
    private(set) var strangers = 0

    init(of repository: Repository) async throws {
        tip = try await repository.ref(Self.ref)
        guard let tip else { return }
        var found: [Int: (digest: Digest, record: DecisionRecord)] = [:]
        for text in try await repository.notes(at: tip).values {
            for bytes in text.utf8.split(separator: UInt8(ascii: "\n")).map(Array.init) {
                do {
                    let line = try AuditLine(parsing: bytes)
                    lines.append(line)
                    let record = try decodeJSON(DecisionRecord.self, bytes)
                    // Because of two with one number the choice must be the same each time.
                    if let known = found[line.sequence], known.digest <= line.digest { continue }
                    found[line.sequence] = (line.digest, record)
                } catch {
                    strangers += 1
                }
            }
        }
        records = found.values.map(\.record).sorted { $0.sequence < $1.sequence }
    }

    var models: [ModelName] { Set(records.map(\.model)).subtracting([.policy]).sorted() }

    func record(of model: ModelName) -> ModelRecord {
        ModelRecord(model: model, records: records.filter { $0.model == model })
    }

    /// Whether the chain of the lines is whole and goes on from where it was seen last.
    func check(remembered: AuditLog.Head?) -> AuditLog.Finding {
        AuditLog(lines).check(remembered: remembered)
    }
}

/// The end of the chain as this clone saw it last, so that a tail that was cut off is noticed.
struct RememberedHead: Sendable {
    private static let key = "slipway.logHead"
    private let clone: Clone

    init(_ clone: Clone) { self.clone = clone }

    func read() async -> AuditLog.Head? {
        let words = await clone.setting(Self.key)?.split(separator: " ") ?? []
        guard words.count == 2, let sequence = Int(words[0]), let digest = Digest(String(words[1]))
        else { return nil }
        return AuditLog.Head(sequence: sequence, digest: digest)
    }

    /// A clone that cannot be written to is read all the same, and remembers nothing.
    func write(_ finding: AuditLog.Finding) async {
        guard case .whole(_, let head?, _) = finding else { return }
        let text = "\(head.sequence) \(head.digest)"
        // Because an auditor may look at a repository that belongs to somebody else.
        _ = try? await clone.git("config", "--local", Self.key, text)
    }
}
