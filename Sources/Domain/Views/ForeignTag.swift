/// A tag in a model's space that Slipway has not written, as `/api/v1/models/<model>/tags` has it.
package struct ForeignTag: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// Somebody else's version, which no release of ours takes.
        case version
        /// Somebody else's assignment, unassignment or deprecation; it changes nothing here.
        case event
        /// Not in GTO's grammar, or GTO cannot read it; nothing follows from it.
        case malformed
    }

    /// Without `refs/tags/`.
    package var tag: String
    package var kind: Kind
    package var version: SemanticVersion?
    /// nil: it leads to no commit.
    package var commit: CommitID?
    /// What is to be known about it; one line.
    package var note: String?

    package init(
        tag: String, kind: Kind, version: SemanticVersion? = nil, commit: CommitID? = nil,
        note: String? = nil
    ) {
        self.tag = tag
        self.kind = kind
        self.version = version
        self.commit = commit
        self.note = note
    }
}
