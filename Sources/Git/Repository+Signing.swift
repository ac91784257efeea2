import CGit2
package import Domain

/// Signed objects: written without a signature, signed, and written again with it.
extension Repository {
    /// The bytes of a commit or a tag, which are what a signature is made over.
    package func unsigned(_ id: ObjectID) throws(GitError) -> [UInt8] {
        guard let header = try header(id.raw()) else { throw .notFound("object \(id)") }
        let isTag = header.kind == GIT_OBJECT_TAG
        return try read(
            id, as: isTag ? GIT_OBJECT_TAG : GIT_OBJECT_COMMIT, limitBytes: signedBytesMax)
    }

    /// Writes a tag or a commit once more, with the armoured signature where git looks for it.
    ///
    /// A tag has it behind the message; a commit in the header `gpgsig`, each further line of it
    /// after a blank. Source: git's `gpg-interface.c` and `commit.c`, `sign_with_header`.
    package func writeSigned(_ id: ObjectID, signature: String) throws(GitError) -> ObjectID {
        let bytes = try unsigned(id)
        let lines = signature.split(separator: "\n")
        if try header(id.raw())?.kind == GIT_OBJECT_TAG {
            let end = lines.joined(separator: "\n") + "\n"
            return ObjectID(try write(bytes + Array(end.utf8), as: GIT_OBJECT_TAG))
        }
        let newline = UInt8(ascii: "\n")
        guard
            let headerEnd = zip(bytes.indices, zip(bytes, bytes.dropFirst()))
                .first(where: { $0.1 == (newline, newline) })?.0
        else { throw .wrongKind(id, expected: "commit with a message") }
        let field = "gpgsig " + lines.joined(separator: "\n ") + "\n"
        let signed = bytes[...headerEnd] + Array(field.utf8) + bytes[(headerEnd + 1)...]
        return ObjectID(try write(Array(signed), as: GIT_OBJECT_COMMIT))
    }
}

private let signedBytesMax = 1 << 24
