import CGit2
package import Domain

extension Repository {
    /// The object that a ref points at, through symbolic refs; nil: no such ref.
    package func ref(_ name: String) throws(GitError) -> ObjectID? {
        guard isRefName(name) || name == "HEAD" else { throw .invalidRefName(name) }
        var oid = git_oid()
        let code = unsafe git_reference_name_to_id(&oid, handle.pointer, name)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "reading \(name)")
        return ObjectID(oid)
    }

    /// The refs whose names start with `prefix`, sorted by name.
    ///
    /// Symbolic refs and files that are no refs are left out. `prefix` is compared byte by byte
    /// and usually ends in a slash: `refs/tags/`.
    package func refs(prefix: String) throws(GitError) -> [Reference] {
        guard isRefName(prefix + "x") else { throw .invalidRefName(prefix) }
        var found: [Reference] = []
        try unsafe forEachRef(glob: prefix + "*") { (reference) throws(GitError) in
            if let value = try unsafe value(of: reference) { found.append(value) }
        }
        return found.sorted { $0.name < $1.name }
    }

    /// Whether any ref's name starts with `name` and a slash.
    func hasRefs(below name: String) throws(GitError) -> Bool {
        var found = false
        try unsafe forEachRef(glob: name + "/*") { (_) throws(GitError) in found = true }
        return found
    }

    private func forEachRef(
        glob: String, _ body: (OpaquePointer) throws(GitError) -> Void
    ) throws(GitError) {
        let iterator = try unsafe Handle("listing refs", free: git_reference_iterator_free) {
            unsafe git_reference_iterator_glob_new(&$0, handle.pointer, glob)
        }
        while true {
            do throws(GitError) {
                let reference = try unsafe Handle("listing refs", free: git_reference_free) {
                    unsafe git_reference_next(&$0, iterator.pointer)
                }
                try unsafe body(reference.pointer)
            } catch {
                if case .library(_, GIT_ITEROVER.rawValue, _) = error { return }
                throw error
            }
        }
    }

    private func value(of reference: OpaquePointer) throws(GitError) -> Reference? {
        guard let target = unsafe git_reference_target(reference),
            let name = unsafe git_reference_name(reference)
        else { return nil }
        let oid = unsafe target.pointee
        // A packed ref carries what the tag leads to, which saves reading the tag.
        let peeled = unsafe git_reference_target_peel(reference).map { unsafe $0.pointee }
        let kind = peeled == nil ? try header(oid)?.kind : GIT_OBJECT_TAG
        return Reference(
            name: unsafe String(cString: name), target: ObjectID(oid),
            commit: commit(at: peeled ?? oid), isAnnotatedTag: kind == GIT_OBJECT_TAG)
    }

    /// The commit at the end of a chain of tags; nil: it ends elsewhere or is broken.
    private func commit(at oid: git_oid) -> CommitID? {
        var id = ObjectID(oid)
        do throws(GitError) {
            for _ in 0..<tagDepthMax {
                switch try header(id.raw())?.kind {
                case GIT_OBJECT_COMMIT: return id
                case GIT_OBJECT_TAG: id = try tagObject(id).target
                default: return nil
                }
            }
        } catch {
            // Because one malformed tag must not hide all others.
            return nil
        }
        return nil
    }
}

/// How many tags of tags are followed.
private let tagDepthMax = 8
