import CGit2
import Domain

/// A git repository on this machine, read and written through libgit2 on a queue of its own.
///
/// Values go in and come out. Every method throws `GitError`; objects that other processes
/// add are seen at once. Writing an object never moves a ref: only `update` does.
package actor Repository {
    private nonisolated let executor: QueueExecutor
    let handle: Handle
    let objects: Handle
    /// What prefixes with many packed refs last gave.
    var packedParts: [String: PackedPart] = [:]
    /// The repository's folder: for a bare one that with `objects` and `refs` in it.
    package nonisolated let path: String

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Opens the repository at exactly `path`, bare or not.
    package init(path: String) throws(GitError) {
        try Library.start()
        let opened = try openRepository(at: path)
        objects = try unsafe Handle("opening the object database of \(path)", free: git.odb_free) {
            unsafe git.repository_odb(&$0, opened.pointer)
        }
        handle = opened
        self.path = path
        executor = QueueExecutor()
    }

    /// Makes an empty bare repository in a new folder, with the folders above it, and opens it.
    ///
    /// Its HEAD names the branch `main`, whatever the user's configuration says.
    package static func createBare(at path: String) throws(GitError) -> Repository {
        try Library.start()
        var options = unsafe git_repository_init_options()
        try check(
            unsafe git.repository_init_options_init(
                &options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)),
            "preparing a repository")
        unsafe options.flags =
            GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
        let code = unsafe "main".withCString { branch in
            unsafe options.initial_head = unsafe branch
            var made: OpaquePointer?
            let code = unsafe git.repository_init_ext(&made, path, &options)
            unsafe git.repository_free(made)
            return code
        }
        try check(code, "making a repository at \(path)")
        return try Repository(path: path)
    }

    /// Returns whether `path` holds a bare repository.
    package static func isBare(at path: String) -> Bool {
        do throws(GitError) {
            try Library.start()
            let opened = try openRepository(at: path)
            return unsafe git.repository_is_bare(opened.pointer) == 1
        } catch {
            // Because whatever cannot be opened as a repository is no bare repository either.
            return false
        }
    }

    /// The full name of the branch that HEAD names, whether the branch exists or not.
    ///
    /// nil: HEAD is detached.
    package var headBranch: String? {
        get throws(GitError) {
            let head = try unsafe Handle("reading HEAD", free: git.reference_free) {
                unsafe git.reference_lookup(&$0, handle.pointer, "HEAD")
            }
            guard let target = unsafe git.reference_symbolic_target(head.pointer) else {
                return nil
            }
            return unsafe String(cString: target)
        }
    }

    /// Lets HEAD name a branch, which need not exist.
    package func setHead(to branch: String) throws(GitError) {
        guard isRefName(branch) else { throw .invalidRefName(branch) }
        try check(unsafe git.repository_set_head(handle.pointer, branch), "setting HEAD")
    }
}

private func openRepository(at path: String) throws(GitError) -> Handle {
    do throws(GitError) {
        return try unsafe Handle("opening a repository", free: git.repository_free) {
            unsafe git.repository_open_ext(
                &$0, path, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)
        }
    } catch {
        guard case .library(_, let code, let message) = error else { throw error }
        if code == GIT_EOWNER.rawValue { throw .notOwned(path: path) }
        throw .notARepository(path: path, reason: message)
    }
}
