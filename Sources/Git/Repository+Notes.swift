import CGit2
package import Domain

/// Notes: a commit whose tree maps object ids to blobs.
///
/// An object `abcdef` has its note at the path `abcdef`, `ab/cdef` or `ab/cd/ef` and so on;
/// git reads any mixture, and so do we. We write `ab/cdef`. Other files are left as they are.
/// libgit2's own note writer is not used: it forces the ref and writes no folders.
extension Repository {
    /// Writes a commit on top of `tip` that has each line added to its object's note.
    ///
    /// Earlier lines stay, byte for byte; every line ends in a newline. The commit is returned
    /// and no ref moves. `tip` nil starts the notes.
    package func writeNotes(
        on tip: CommitID?, appending lines: [(ObjectID, String)], author: Person, message: String
    ) throws(GitError) -> CommitID {
        let base = try tip.map { (id) throws(GitError) in try rootTree(of: id) }
        var edits: [TreeEdit] = []
        for (id, added) in Dictionary(grouping: lines, by: { $0.0 }) {
            edits += try self.edits(base: base, id, adding: added.map { $0.1 })
        }
        return try writeCommit(
            tree: writeTree(base: base, edits), parents: tip.map { [$0] } ?? [],
            message: message, author: author, committer: author)
    }

    /// All notes at `tip`, by the object they are about.
    package func notes(at tip: CommitID) throws(GitError) -> [ObjectID: String] {
        try notesChanged(from: nil, to: tip)
    }

    /// The notes at `to` that are not the same at `from`; equal folders are not opened.
    ///
    /// A note that is gone at `to` is not among them. `from` nil gives all notes.
    package func notesChanged(
        from: CommitID?, to: CommitID
    ) throws(GitError) -> [ObjectID: String] {
        let old = try from.map { (id) throws(GitError) in try rootTree(of: id) }
        let new = try rootTree(of: to)
        var before: [ObjectID: [ObjectID]] = [:]
        var after: [ObjectID: [ObjectID]] = [:]
        try compareTrees(old, new) { change in
            guard let id = notedObject(change.path) else { return }
            if let oid = change.old { before[id, default: []].append(ObjectID(oid)) }
            if let oid = change.new { after[id, default: []].append(ObjectID(oid)) }
        }
        var notes: [ObjectID: String] = [:]
        for (id, blobs) in after where before[id] != blobs {
            // Because a part of the note may be unchanged elsewhere in the tree, read it whole.
            let whole = try old == nil ? blobs : places(of: id, in: new).map(\.blob)
            notes[id] = String(decoding: try text(of: whole), as: UTF8.self)
        }
        return notes
    }

    private func edits(
        base: git_oid?, _ id: ObjectID, adding lines: [String]
    ) throws(GitError) -> [TreeEdit] {
        let places = try base.map { (tree) throws(GitError) in try self.places(of: id, in: tree) }
        var bytes = try text(of: (places ?? []).map(\.blob))
        for line in lines {
            endLine(&bytes)
            bytes += line.utf8
        }
        endLine(&bytes)
        let ours = [String(id.hex.prefix(2)), String(id.hex.dropFirst(2))]
        let blob = TreeEdit.Entry(
            mode: GIT_FILEMODE_BLOB.rawValue, oid: try write(bytes, as: GIT_OBJECT_BLOB))
        let elsewhere = (places ?? []).map(\.names).filter { $0 != ours }
        return elsewhere.map { TreeEdit(names: $0[...], entry: nil) }
            + [TreeEdit(names: ours[...], entry: blob)]
    }

    /// The texts one after the other, each but the last ended by a newline.
    private func text(of blobs: [ObjectID]) throws(GitError) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in blobs {
            endLine(&bytes)
            bytes += try blob(id)
        }
        return bytes
    }

    /// Where the notes of an object stand: once, unless somebody merged trees by hand.
    private func places(
        of id: ObjectID, in root: git_oid
    ) throws(GitError) -> [(names: [String], blob: ObjectID)] {
        var found: [(names: [String], blob: ObjectID)] = []
        var (folder, rest) = (root, id.hex[...])
        var names: [String] = []
        while !rest.isEmpty {
            let tree = try openTree(folder)
            if let item = tree[String(rest)], item.isFile {
                found.append((names + [String(rest)], ObjectID(item.oid)))
            }
            guard let item = tree[String(rest.prefix(2))], item.isTree else { break }
            names.append(item.name)
            (folder, rest) = (item.oid, rest.dropFirst(2))
        }
        return found
    }
}

/// Adds a newline unless the text is empty or has one at its end.
private func endLine(_ bytes: inout [UInt8]) {
    if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
}

/// The object that a path in a notes tree is about; nil: the file is no note.
private func notedObject(_ path: String) -> ObjectID? {
    let names = path.utf8.split(separator: UInt8(ascii: "/"))
    guard names.dropLast().allSatisfy({ $0.count == 2 }) else { return nil }
    return ObjectID(names.map { String(decoding: $0, as: UTF8.self) }.joined())
}
