import CGit2
import Domain

/// The packed refs of one prefix, kept as long as the packed file is the same.
struct PackedPart {
    var identity: PackedRefs.Identity?
    /// In the order of the names' bytes.
    var refs: [Reference]

    /// Fewer are read again quickly enough.
    static let countMin = 500
    /// How many prefixes are kept at most.
    static let prefixesMax = 4
}

extension Repository {
    /// The packed refs of a prefix; nil: the packed file is one that only libgit2 can read.
    func packedRefs(
        _ folder: String, prefix: String
    ) throws(GitError) -> [Reference]? {
        let path = "\(folder)/packed-refs"
        let identity = PackedRefs.identity(path: path)
        if let known = packedParts[prefix], known.identity == identity { return known.refs }
        packedParts[prefix] = nil
        guard let packed = PackedRefs(path: path) else { return nil }
        var commits: [String: CommitID?] = [:]
        var found: [Reference] = []
        for entry in packed.entries(prefix: prefix) {
            guard let peeled = entry.peeled, let target = ObjectID(entry.id) else {
                if let value = try value(entry.name, entry.id, peeled: nil) { found.append(value) }
                continue
            }
            // Because many tags lead to few commits.
            let commit: CommitID?
            if let known = commits[peeled] {
                commit = known
            } else {
                commit = try ObjectID(peeled).map { (id) throws(GitError) in try id.raw() }
                    .flatMap(self.commit)
                commits[peeled] = .some(commit)
            }
            found.append(
                Reference(name: entry.name, target: target, commit: commit, isAnnotatedTag: true))
        }
        // Because a file that was replaced meanwhile is another one.
        if found.count >= PackedPart.countMin, PackedRefs.identity(path: path) == identity {
            if packedParts.count >= PackedPart.prefixesMax { packedParts = [:] }
            packedParts[prefix] = PackedPart(identity: identity, refs: found)
        }
        return found
    }

    /// Puts loose refs among packed ones, which they replace; both in the order of the bytes.
    func merged(_ packed: [Reference], _ loose: [String: String?]) throws(GitError) -> [Reference] {
        var refs: [Reference] = []
        var start = 0
        for (name, id) in loose.sorted(by: { isBefore($0.key, $1.key) }) {
            var end = firstIndex(in: packed, notBefore: name)
            refs += packed[start..<end]
            if end < packed.count, packed[end].name == name { end += 1 }
            start = end
            if let id, let value = try value(name, id, peeled: nil) { refs.append(value) }
        }
        return start == 0 && refs.isEmpty ? packed : refs + packed[start...]
    }

    private func firstIndex(in refs: [Reference], notBefore name: String) -> Int {
        var low = 0
        var high = refs.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(refs[middle].name, name) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

private func isBefore(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
}
