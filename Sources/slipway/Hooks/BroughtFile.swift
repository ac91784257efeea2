import Domain

/// A file that a commit or the index brings, with what it was before in each parent.
struct BroughtFile: Hashable, Sendable {
    var path: String
    var blob: ObjectID
    /// None for a new file; two and more in a merge.
    var earlier: [ObjectID]
    /// nil: not committed yet.
    var commit: ObjectID?

    /// Reads what `git diff --raw -z` and `git diff-tree --stdin -c -z` print.
    ///
    ///     record = 1*":" modes SP ids SP status NUL path NUL  /  commit NUL
    ///
    /// There are as many colons as parents, and one mode and one id more, those of the result.
    /// Only regular files that are there afterwards are kept.
    static func reading(_ output: [UInt8]) -> [BroughtFile] {
        var changes: [BroughtFile] = []
        var commit: ObjectID?
        var fields = output.split(separator: 0)[...]
        while let field = fields.popFirst() {
            let text = String(decoding: field, as: UTF8.self)
            guard text.hasPrefix(":") else {
                commit = ObjectID(text)
                continue
            }
            guard let path = fields.popFirst() else { break }
            let parents = text.prefix { $0 == ":" }.count
            let words = text.dropFirst(parents).split(separator: " ")
            guard words.count == 2 * parents + 3, words[parents].hasPrefix("100") else { continue }
            let ids = words[(parents + 1)...(2 * parents + 1)].compactMap { ObjectID(String($0)) }
            guard ids.count == parents + 1, let blob = ids.last, !blob.isZero else { continue }
            changes.append(
                BroughtFile(
                    path: String(decoding: path, as: UTF8.self), blob: blob,
                    earlier: ids.dropLast().filter { !$0.isZero }, commit: commit))
        }
        return changes
    }
}
