package import Domain

extension ProvenanceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .lineMalformed(let detail): "the note is not a decision: \(detail)"
        case .tagMalformed(let detail): "the version tag is malformed: \(detail)"
        case .notReleased(let model, let version): "\(model) \(version) was never released"
        case .evidenceMissing(let id): "the notes do not hold the evidence \(id)"
        case .tooLarge(let bytes): "the envelope has \(bytes) bytes, which is too many"
        case .envelopeMalformed(let detail): "the envelope is malformed: \(detail)"
        case .payloadTypeUnknown(let type): "the envelope holds \"\(oneLine(type))\""
        case .signaturesMissing(let needed, let good):
            "\(good) of the \(needed) signatures that are needed are good"
        case .keyMalformed(let detail): "the key cannot be used: \(detail)"
        }
    }

    /// How to mend it.
    package var hint: String? {
        switch self {
        case .lineMalformed, .evidenceMissing:
            "git fetch origin refs/notes/slipway:refs/notes/slipway"
        case .tagMalformed: nil
        case .notReleased(let model, _): "git tag --list '\(model)@*'"
        case .tooLarge, .envelopeMalformed: "fetch the file again"
        case .payloadTypeUnknown: "only application/vnd.in-toto+json is read"
        case .signaturesMissing: "give the public key that signed it, or do not trust it"
        case .keyMalformed: "ssh-keygen -t ed25519"
        }
    }

    /// The error as a stage reports it.
    package var failure: Failure { Failure(description, hint: hint) }
}
