import CGit2
package import Domain

/// Objects of the database, by their id.
extension Repository {
    /// A blob's bytes; throws `tooLarge` before reading one of more than `limitBytes`.
    package func blob(_ id: ObjectID, limitBytes: Int = 64 << 20) throws(GitError) -> [UInt8] {
        try read(id, as: GIT_OBJECT_BLOB, limitBytes: limitBytes)
    }

    /// A tag object, read from the bytes that the database has.
    package func tagObject(_ id: ObjectID) throws(GitError) -> TagObject {
        let bytes = try read(id, as: GIT_OBJECT_TAG, limitBytes: 1 << 20)
        guard let tag = TagObject(id: id, raw: bytes) else {
            throw .wrongKind(id, expected: "well-formed tag")
        }
        return tag
    }

    /// Whether the database has an object of this id.
    package func has(_ id: ObjectID) throws(GitError) -> Bool {
        var oid = try id.raw()
        return unsafe git.odb_exists(objects.pointer, &oid) == 1
    }

    /// An object's kind and size; nil: the database does not have it.
    func header(_ oid: git_oid) throws(GitError) -> (kind: git_object_t, sizeBytes: Int)? {
        var oid = oid
        var size = 0
        var kind = GIT_OBJECT_INVALID
        let code = unsafe git.odb_read_header(&size, &kind, objects.pointer, &oid)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "reading the header of object \(ObjectID(oid))")
        return (kind, size)
    }

    func read(
        _ id: ObjectID, as kind: git_object_t, limitBytes: Int
    ) throws(GitError) -> [UInt8] {
        var oid = try id.raw()
        guard let header = try header(oid) else { throw .notFound("object \(id)") }
        guard header.kind == kind else { throw .wrongKind(id, expected: name(of: kind)) }
        guard header.sizeBytes <= limitBytes else {
            throw .tooLarge(id, sizeBytes: header.sizeBytes, limitBytes: limitBytes)
        }
        let object = try unsafe Handle("reading object \(id)", free: git.odb_object_free) {
            unsafe git.odb_read(&$0, objects.pointer, &oid)
        }
        let size = unsafe git.odb_object_size(object.pointer)
        guard size > 0, let data = unsafe git.odb_object_data(object.pointer) else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: data, count: size))
    }

    /// Adds an object to the database and returns its id.
    func write(_ bytes: [UInt8], as kind: git_object_t) throws(GitError) -> git_oid {
        var oid = git_oid()
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe git.odb_write(&oid, objects.pointer, buffer.baseAddress, buffer.count, kind)
        }
        try check(code, "writing a \(name(of: kind))")
        return oid
    }
}

/// Git's word for a kind of object.
func name(of kind: git_object_t) -> String {
    switch kind {
    case GIT_OBJECT_COMMIT: "commit"
    case GIT_OBJECT_TREE: "tree"
    case GIT_OBJECT_BLOB: "blob"
    case GIT_OBJECT_TAG: "tag"
    default: "object"
    }
}
