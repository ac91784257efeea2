import CGit2
package import Domain
import Glibc
import Host

extension Repository {
    /// The object that a ref points at, through symbolic refs; nil: no such ref.
    package func ref(_ name: String) throws(GitError) -> ObjectID? {
        guard isRefName(name) || name == "HEAD" else { throw .invalidRefName(name) }
        var oid = git_oid()
        let code = unsafe git.reference_name_to_id(&oid, handle.pointer, name)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "reading \(name)")
        return ObjectID(oid)
    }

    /// The refs whose names start with `prefix`, sorted by name.
    ///
    /// Symbolic refs and files that are no refs are left out. `prefix` is compared byte by byte
    /// and usually ends in a slash: `refs/tags/`. Takes time by the refs that it finds.
    package func refs(prefix: String) throws(GitError) -> [Reference] {
        guard isRefName(prefix + "x") else { throw .invalidRefName(prefix) }
        guard prefix.hasPrefix("refs/"), let folder = commonFolder else {
            return try listedRefs(glob: prefix + "*")
        }
        // Because packing writes the packed file before it removes the loose one.
        let loose = try looseRefs(folder, prefix)
        guard let packed = try packedRefs(folder, prefix: prefix) else {
            return try listedRefs(glob: prefix + "*")
        }
        return try merged(packed, loose)
    }

    /// Whether any ref's name starts with `name` and a slash.
    func hasRefs(below name: String) throws(GitError) -> Bool {
        try !refs(prefix: name + "/").isEmpty
    }

    /// The folder with the refs that all work trees share.
    private var commonFolder: String? {
        unsafe git.repository_commondir(handle.pointer).map { unsafe String(cString: $0) }
    }

    private func looseRefs(
        _ folder: String, _ prefix: String
    ) throws(GitError) -> [String: String?] {
        do throws(HostError) {
            return try LooseRefs(folder: folder).entries(prefix: prefix)
        } catch {
            if case .file(_, let path, let number) = error {
                throw .file(path: path, errno: number)
            }
            throw .file(path: "\(folder)/\(prefix)", errno: EIO)
        }
    }

    /// All refs of a pattern, as libgit2 goes through them.
    private func listedRefs(glob: String) throws(GitError) -> [Reference] {
        var found: [Reference] = []
        let iterator = try unsafe Handle("listing refs", free: git.reference_iterator_free) {
            unsafe git.reference_iterator_glob_new(&$0, handle.pointer, glob)
        }
        while true {
            do throws(GitError) {
                let reference = try unsafe Handle("listing refs", free: git.reference_free) {
                    unsafe git.reference_next(&$0, iterator.pointer)
                }
                if let value = try unsafe value(of: reference.pointer) { found.append(value) }
            } catch {
                guard case .library(_, GIT_ITEROVER.rawValue, _) = error else { throw error }
                return found.sorted { $0.name < $1.name }
            }
        }
    }

    private func value(of reference: OpaquePointer) throws(GitError) -> Reference? {
        guard let target = unsafe git.reference_target(reference),
            let name = unsafe git.reference_name(reference)
        else { return nil }
        // A packed ref carries what the tag leads to, which saves reading the tag.
        let peeled = unsafe git.reference_target_peel(reference)
            .map { unsafe ObjectID($0.pointee).hex }
        return try value(
            unsafe String(cString: name), unsafe ObjectID(target.pointee).hex, peeled: peeled)
    }

    func value(
        _ name: String, _ id: String, peeled: String?
    ) throws(GitError) -> Reference? {
        guard let target = ObjectID(id) else { return nil }
        let peeled = peeled.flatMap { ObjectID($0) }
        let kind = peeled == nil ? try header(target.raw())?.kind : GIT_OBJECT_TAG
        return Reference(
            name: name, target: target, commit: commit(at: try (peeled ?? target).raw()),
            isAnnotatedTag: kind == GIT_OBJECT_TAG)
    }

    /// The commit at the end of a chain of tags; nil: it ends elsewhere or is broken.
    func commit(at oid: git_oid) -> CommitID? {
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
