package import Domain
import FoundationEssentials

/// One line of the notes, as its bytes stand there, with its place in the chain.
package struct AuditLine: Hashable, Sendable {
    /// From 1.
    package let sequence: Int
    /// The SHA-256 of the line without its newline: what the next record calls `previous`.
    package let digest: Digest
    /// The digest of the record before it; nil in the first one, and in those that were written
    /// before records were chained.
    package let previous: Digest?

    package init(sequence: Int, bytes: [UInt8], previous: Digest?) {
        self.sequence = sequence
        self.previous = previous
        digest = sha256(bytes)
    }

    private struct Head: Decodable {
        var sequence: Int
        var previous: Digest?
    }

    /// Reads `sequence` and `previous` of a line without its newline.
    package init(parsing bytes: [UInt8]) throws(ProvenanceError) {
        let head: Head
        do {
            head = try JSONDecoder().decode(Head.self, from: Data(bytes))
        } catch {
            throw .lineMalformed("\(error)")
        }
        guard head.sequence > 0 else {
            throw .lineMalformed("its sequence is \(head.sequence)")
        }
        self.init(sequence: head.sequence, bytes: bytes, previous: head.previous)
    }
}
