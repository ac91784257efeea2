package import Domain

/// Why something could not be read from, written to or fetched into a repository.
package enum GitError: Error, Hashable, Sendable {
    /// The path holds no repository that can be opened.
    case notARepository(path: String, reason: String)
    /// The path belongs to another user, and git's `safe.directory` does not allow it.
    case notOwned(path: String)
    /// An object, a ref or a path that was asked for does not exist; the text names it.
    case notFound(String)
    /// The object exists and is something else than what was asked for.
    case wrongKind(ObjectID, expected: String)
    /// A blob is larger than the caller is willing to read.
    case tooLarge(ObjectID, sizeBytes: Int, limitBytes: Int)
    /// The ref did not have the expected value, or its name collides with another ref.
    case conflict(ref: String)
    /// Another process kept the ref's lock for longer than we wait.
    case locked(ref: String)
    /// The text breaks git's rules for ref names.
    case invalidRefName(String)
    /// A path in a tree or a change that must never be written to a disk or a tree.
    case unsafePath(String)
    /// A checkout needs a folder that is empty.
    case folderNotEmpty(String)
    /// A system call on a file failed with this `errno`.
    case file(path: String, errno: Int32)
    /// Anything else that libgit2 reports.
    case library(during: String, code: Int32, message: String)
    /// libgit2 cannot be opened.
    case libraryMissing(reason: String)
    /// The libgit2 that runs is not of the version whose headers we were built with.
    case libraryMismatch(built: String, running: String)
    /// The remote could not be spoken to; the text is the first line of git's standard error.
    case unreachable(String)
    /// `git` did not end within its deadline and was stopped.
    case timedOut(seconds: Double)
    /// The server understood and said no; the text is its message.
    case refused(String)
}
