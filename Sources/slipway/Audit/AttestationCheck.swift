import Domain
import FoundationEssentials
import Host
import Provenance

/// Checks signed statements: one envelope, or one on each line.
struct AttestationCheck: Sendable {
    let file: String
    let key: String

    /// What a good envelope says.
    private struct Said: Codable {
        var predicateType: String
        var subject: [ResourceDescriptor]
        var signedBy: String?
    }

    func run(_ format: JSONOption) async throws {
        let trusted = try publicKey()
        let path = absolutePath(file)
        guard exists(path) else { throw Stop(.notFound, "there is no such file", at: path) }
        let bytes = try readFile(path, limitBytes: Envelope.bytesMax)
        let blank: Set<UInt8> = [9, 10, 13, 32]
        var parts = bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated()
            .map { (line: $0.offset + 1, bytes: Array($0.element)) }
            .filter { !$0.bytes.allSatisfy(blank.contains) }
        // Because an envelope may have been printed on several lines.
        if (try? Envelope(parsing: bytes)) != nil { parts = [(1, bytes)] }
        guard !parts.isEmpty else { throw Stop(.wrong, "the file is empty", at: path) }
        for part in parts {
            let said = try check(part.bytes, trusted, "\(path):\(part.line)")
            if format.json {
                await Console.put(bytes: try compactJSON(said))
            } else {
                let subjects = said.subject.map { subject in
                    let digest = subject.digest?["sha256"].map { " sha256:\($0)" } ?? ""
                    return (subject.name ?? subject.uri ?? "?") + digest
                }
                await Console.put("\(said.predicateType)\n  \(subjects.joined(separator: "\n  "))")
            }
        }
        await Console.say("signed by \(trusted.fingerprint)")
    }

    private func check(
        _ part: [UInt8], _ trusted: Ed25519PublicKey, _ path: String
    ) throws -> Said {
        do throws(ProvenanceError) {
            let envelope = try Envelope(parsing: part)
            let good = try envelope.verify(with: [trusted])
            do {
                var said = try JSONDecoder().decode(Said.self, from: Data(envelope.payload))
                said.signedBy = good.first?.fingerprint
                return said
            } catch {
                throw ProvenanceError.envelopeMalformed("the payload is no statement")
            }
        } catch {
            var failure = error.failure
            failure.place = path
            throw Stop(.wrong, failure)
        }
    }

    private func publicKey() throws -> Ed25519PublicKey {
        let path = absolutePath(key)
        guard exists(path) else { throw Stop(.notFound, "there is no such file", at: path) }
        let text = String(decoding: try readFile(path, limitBytes: 1 << 16), as: UTF8.self)
        do throws(ProvenanceError) {
            return try Ed25519PublicKey(line: text)
        } catch {
            throw Stop(.wrong, error.description, at: path, hint: error.hint)
        }
    }
}
