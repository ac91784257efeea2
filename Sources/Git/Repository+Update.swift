import CGit2
import Domain

extension Repository {
    /// Moves refs, each only if it has the value that was expected, all or none.
    ///
    /// All refs are locked, then compared, then written one by one; nobody can move one of them
    /// in between. An update whose `new` equals `expected` only checks. Throws `conflict` for
    /// the first ref, by name, that has another value or whose name collides with another ref,
    /// `locked` when another process keeps a lock for a second, and `notFound` when `new` is not
    /// in the repository.
    package func update(_ updates: [RefUpdate]) async throws(GitError) {
        let sorted = updates.sorted { $0.name < $1.name }
        for update in sorted {
            guard isRefName(update.name), update.name.utf8.starts(with: "refs/".utf8) else {
                throw .invalidRefName(update.name)
            }
            if let new = update.new, try !has(new) { throw .notFound("object \(new)") }
        }
        for _ in 1..<lockAttemptsMax {
            do throws(GitError) {
                return try updateOnce(sorted)
            } catch {
                guard case .locked = error else { throw error }
                do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
            }
        }
        try updateOnce(sorted)
    }

    private func updateOnce(_ updates: [RefUpdate]) throws(GitError) {
        let transaction = try unsafe Handle("starting a ref update", free: git.transaction_free) {
            unsafe git.transaction_new(&$0, handle.pointer)
        }
        for update in updates {
            try unsafe lock(update.name, transaction.pointer)
        }
        for update in updates {
            guard try currentValue(of: update.name) == update.expected else {
                throw .conflict(ref: update.name)
            }
            if update.expected == nil { try requireFreeName(update.name) }
        }
        for update in updates where update.new != update.expected {
            try unsafe queue(update, transaction.pointer)
        }
        try check(unsafe git.transaction_commit(transaction.pointer), "moving refs")
    }

    private func lock(_ name: String, _ transaction: OpaquePointer) throws(GitError) {
        do throws(GitError) {
            try check(unsafe git.transaction_lock_ref(transaction, name), "locking \(name)")
        } catch {
            guard case .library(_, let code, _) = error else { throw error }
            if code == GIT_ELOCKED.rawValue { throw .locked(ref: name) }
            // Because the file of a ref cannot stand where another one needs a folder.
            if code == GIT_EDIRECTORY.rawValue { throw .conflict(ref: name) }
            if try hasRefAbove(name) { throw .conflict(ref: name) }
            throw error
        }
    }

    private func queue(
        _ update: RefUpdate, _ transaction: OpaquePointer
    ) throws(GitError) {
        let name = update.name
        guard let new = update.new else {
            try check(unsafe git.transaction_remove(transaction, name), "deleting \(name)")
            return
        }
        var oid = try new.raw()
        try check(
            unsafe git.transaction_set_target(transaction, name, &oid, nil, "slipway"),
            "moving \(name)")
    }

    /// What the ref itself points at; a symbolic ref is nobody's to move and so a conflict.
    private func currentValue(of name: String) throws(GitError) -> ObjectID? {
        do throws(GitError) {
            let reference = try unsafe Handle("reading \(name)", free: git.reference_free) {
                unsafe git.reference_lookup(&$0, handle.pointer, name)
            }
            guard let target = unsafe git.reference_target(reference.pointer) else {
                throw .conflict(ref: name)
            }
            return ObjectID(unsafe target.pointee)
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// libgit2's transactions do not look for refs that are a folder of this name, or above it.
    private func requireFreeName(_ name: String) throws(GitError) {
        if try hasRefAbove(name) { throw .conflict(ref: name) }
        if try hasRefs(below: name) { throw .conflict(ref: name) }
    }

    private func hasRefAbove(_ name: String) throws(GitError) -> Bool {
        let components = name.split(separator: "/")
        for count in stride(from: components.count - 1, to: 2, by: -1) {
            if try currentValue(of: components[..<count].joined(separator: "/")) != nil {
                return true
            }
        }
        return false
    }
}

private let lockAttemptsMax = 100
