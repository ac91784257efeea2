package import Domain

/// Who did something in git, and when by that person's own clock.
package struct Person: Hashable, Sendable {
    package var name: String
    package var email: String
    /// Git keeps whole seconds; what is written has the zone UTC.
    package var when: Instant

    package init(name: String, email: String, when: Instant) {
        self.name = name
        self.email = email
        self.when = when
    }
}

/// A commit, read whole.
package struct Commit: Hashable, Sendable {
    package var id: CommitID
    package var tree: ObjectID
    package var parents: [CommitID]
    package var author: Person
    package var committer: Person
    package var message: String

    /// The `Key: value` lines at the end of the message, in their order.
    package var trailers: [Trailer] { Trailer.all(in: message) }

    /// The people of the `Co-authored-by` trailers, at the time of the author.
    ///
    /// One that is not of the form `Name <mail>` keeps the whole text as its name, so that
    /// nobody drops out by being misspelt.
    package var coAuthors: [Person] {
        trailers.values(of: "Co-authored-by").map { text in
            Person(contact: text, when: author.when)
        }
    }
}

/// A ref that points at an object.
package struct Reference: Hashable, Sendable {
    /// The full name: `refs/tags/digits@v1.0.0`.
    package var name: String
    /// What it points at: for an annotated tag the tag object.
    package var target: ObjectID
    /// The commit at the end of the chain of tags; nil: it ends in something else.
    package var commit: CommitID?
    package var isAnnotatedTag: Bool
}

/// A file, symbolic link or submodule in a commit's tree.
package struct TreeEntry: Hashable, Sendable {
    /// Relative to the root of the repository.
    package var path: String
    /// Git's mode: 0o100644, 0o100755, 0o120000 (link) or 0o160000 (submodule).
    package var mode: Int32
    package var blob: ObjectID
}

/// One path at which two commits differ.
package struct EntryChange: Hashable, Sendable {
    package var path: String
    /// What stands there in the later commit; nil: nothing any more.
    package var new: TreeEntry?
}

/// The commits between two points of a branch, followed by first parents.
package enum FirstParentWalk: Hashable, Sendable {
    /// Oldest first, without the commit one started after.
    case commits([CommitID])
    /// The commit one would start after is not on the first-parent chain.
    case notAnAncestor
}

/// One file's change in a commit to be written.
package struct FileChange: Hashable, Sendable {
    /// What the file becomes.
    package enum Content: Hashable, Sendable {
        /// A regular file of these bytes.
        case bytes([UInt8])
        /// An object that the repository has, under a git mode; 0o040000 takes a whole folder.
        case entry(mode: Int32, id: ObjectID)
        /// Nothing; a folder goes with all that is in it.
        case removed
    }

    /// Relative to the root of the repository.
    package var path: String
    package var content: Content

    package init(path: String, content: Content) {
        self.path = path
        self.content = content
    }
}

/// A change of one ref that is made only if the ref has the value that was read before.
package struct RefUpdate: Hashable, Sendable {
    /// The full name below `refs/`.
    package var name: String
    /// What the ref must be now; nil: it must not exist.
    package var expected: ObjectID?
    /// What it becomes; nil: it is deleted.
    package var new: ObjectID?

    package init(name: String, expected: ObjectID?, new: ObjectID?) {
        self.name = name
        self.expected = expected
        self.new = new
    }
}
