import CGit2
package import Domain

extension Repository {
    /// The best common ancestor of two commits; nil: their histories have nothing in common.
    package func mergeBase(_ one: CommitID, _ other: CommitID) throws(GitError) -> CommitID? {
        var base = git_oid()
        var (first, second) = (try one.raw(), try other.raw())
        let code = unsafe git.merge_base(&base, handle.pointer, &first, &second)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "looking for what \(one) and \(other) have in common")
        return ObjectID(base)
    }
}
