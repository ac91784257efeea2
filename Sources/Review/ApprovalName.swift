package import Domain

/// The name of an approval tag: `approve/<model>/<evidence id>/<reviewer>` or `reject/…`; for a
/// change of policy the model is `policy`.
package struct ApprovalName: Hashable, Sendable {
    package let kind: Approval.Kind
    package let model: ModelName
    package let evidence: EvidenceID
    /// The principal whose key signs; any text that may stand in a ref, without a slash.
    package let reviewer: String

    /// Returns nil when the reviewer's name cannot be part of a ref.
    package init?(
        kind: Approval.Kind, model: ModelName, evidence: EvidenceID, reviewer: Principal
    ) {
        guard isRefComponent(reviewer.text) else { return nil }
        self.kind = kind
        self.model = model
        self.evidence = evidence
        self.reviewer = reviewer.text
    }

    /// Reads the name of a ref in full, `refs/tags/…`; nil when it is not of this form.
    package init?(ref: String) {
        let parts = ref.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "refs", parts[1] == "tags",
            let kind = Approval.Kind(rawValue: parts[2]),
            let model = parts[3] == ModelName.policy.text ? .policy : ModelName(parts[3]),
            let evidence = EvidenceID(parts[4])
        else { return nil }
        self.init(kind: kind, model: model, evidence: evidence, reviewer: Principal(parts[5]))
    }

    /// As git names the tag: `approve/digits/5f0a…/ada@example.org`.
    package var tag: String { "\(kind.rawValue)/\(model)/\(evidence)/\(reviewer)" }

    /// `refs/tags/` and the tag.
    package var ref: String { "refs/tags/\(tag)" }

    /// Whether a ref stands where approvals stand, well-formed or not.
    package static func isApprovalSpace(_ ref: String) -> Bool {
        Approval.Kind.allCases.contains { ref.hasPrefix("refs/tags/\($0.rawValue)/") }
    }
}

/// The rules of git-check-ref-format(1) for one part between slashes.
private func isRefComponent(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let forbidden = Set(" ~^:?*[\\/".utf8)
    guard let first = bytes.first, let last = bytes.last, first != UInt8(ascii: "."),
        last != UInt8(ascii: "."), !text.hasSuffix(".lock")
    else { return false }
    let pairs = zip(bytes, bytes.dropFirst())
    return bytes.allSatisfy { $0 > 31 && $0 != 127 && !forbidden.contains($0) }
        && !pairs.contains { $0 == UInt8(ascii: ".") && $1 == UInt8(ascii: ".") }
        && !pairs.contains { $0 == UInt8(ascii: "@") && $1 == UInt8(ascii: "{") }
}
