package import Domain

/// Which approvals were seen already, so that none of a thousand in one push asks all others.
package struct SeenApprovals: Sendable {
    private struct Said: Hashable {
        var evidence: EvidenceID?
        var by: String
    }

    private var objects: Set<ObjectID> = []
    private var people: Set<Said> = []
    private var keys: Set<Said> = []

    /// Takes the approvals among these tags that counted when they were seen.
    package init(_ tags: [SeenTag] = []) {
        for tag in tags { add(tag) }
    }

    package mutating func add(_ tag: SeenTag) {
        guard tag.kind == .approve, tag.refusal == nil else { return }
        objects.insert(tag.tag)
        if let person = tag.principal {
            people.insert(Said(evidence: tag.evidence, by: person.text))
        }
        if let key = tag.keyFingerprint { keys.insert(Said(evidence: tag.evidence, by: key)) }
    }

    func has(_ object: ObjectID) -> Bool { objects.contains(object) }

    /// Whether the evidence was approved by the same person, under whatever name, or key.
    func hasSame(as approval: Approval) -> Bool {
        keys.contains(Said(evidence: approval.evidence, by: approval.keyFingerprint))
            || approval.aliases.contains {
                people.contains(Said(evidence: approval.evidence, by: $0.text))
            }
    }
}
