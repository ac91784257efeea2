import CGit2
package import Domain

/// New objects. No ref points at them until `update` or `Upstream.publish` moves one there.
extension Repository {
    /// Writes an annotated tag object and returns its id.
    ///
    /// `name` is the tag's name without `refs/tags/`; the object names it too. A message that
    /// does not end in a newline gets one.
    package func writeTag(
        name tag: String, target: ObjectID, message: String, tagger: Person
    ) throws(GitError) -> ObjectID {
        guard isRefName("refs/tags/\(tag)") else { throw .invalidRefName(tag) }
        guard let kind = try header(target.raw())?.kind else {
            throw .notFound("object \(target)")
        }
        let text = """
            object \(target)
            type \(name(of: kind))
            tag \(tag)
            tagger \(tagger.headerText)

            \(messageText(message))
            """
        return ObjectID(try write(Array(text.utf8), as: GIT_OBJECT_TAG))
    }

    /// Writes a commit and the trees and blobs it needs, and returns its id.
    ///
    /// Its tree is that of `base` under the changes, in their order; `base` nil is the empty
    /// tree. Removing what is not there is no error.
    package func writeCommit(
        parents: [CommitID], base: CommitID?, changes: [FileChange], message: String,
        author: Person, committer: Person
    ) throws(GitError) -> CommitID {
        var edits: [TreeEdit] = []
        for change in changes { edits.append(try edit(for: change)) }
        let tree = try writeTree(
            base: base.map { (id) throws(GitError) in try rootTree(of: id) }, edits)
        return try writeCommit(
            tree: tree, parents: parents, message: message, author: author, committer: committer)
    }

    func writeCommit(
        tree: git_oid, parents: [CommitID], message: String, author: Person, committer: Person
    ) throws(GitError) -> CommitID {
        for parent in parents where try header(parent.raw())?.kind != GIT_OBJECT_COMMIT {
            throw .notFound("commit \(parent)")
        }
        let lines =
            ["tree \(ObjectID(tree))"] + parents.map { "parent \($0)" } + [
                "author \(author.headerText)", "committer \(committer.headerText)", "",
                messageText(message),
            ]
        let text = lines.joined(separator: "\n")
        return ObjectID(try write(Array(text.utf8), as: GIT_OBJECT_COMMIT))
    }

    /// Without zero bytes, which git forbids, and with a newline at the end.
    private func messageText(_ message: String) -> String {
        let bytes = message.utf8.filter { $0 != 0 }
        let end: [UInt8] = bytes.last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")]
        return String(decoding: bytes + end, as: UTF8.self)
    }

    private func edit(for change: FileChange) throws(GitError) -> TreeEdit {
        guard isTreePath(change.path) else { throw .unsafePath(change.path) }
        let names = change.path.utf8.split(separator: UInt8(ascii: "/"))
            .map { String(decoding: $0, as: UTF8.self) }
        let entry: TreeEdit.Entry?
        switch change.content {
        case .bytes(let bytes):
            entry = TreeEdit.Entry(
                mode: GIT_FILEMODE_BLOB.rawValue, oid: try write(bytes, as: GIT_OBJECT_BLOB))
        case .entry(let mode, let id):
            entry = TreeEdit.Entry(mode: UInt32(bitPattern: mode), oid: try id.raw())
        case .removed: entry = nil
        }
        return TreeEdit(names: names[...], entry: entry)
    }
}
