import Domain
import Journal

/// The commits that something was decided about lately, model by model: a forge is kept right
/// about these.
struct SubjectWindow: Sendable {
    private struct Entry {
        /// The sequence of the first and of the last decision that we know of.
        var first: Int
        var last: Int
    }

    /// How many pairs of model and commit are watched, and how many at most while some of them
    /// wait to be told.
    static let size = 1000
    static let sizeMax = 10_000

    private var entries: [ModelName: [CommitID: Entry]] = [:]
    private(set) var count = 0

    mutating func add(_ decided: DecidedCommit) {
        touch(decided.commit, of: decided.model, at: decided.sequence)
    }

    /// Notes that a commit counts at this sequence; `isOld` says that it was decided long ago.
    mutating func touch(
        _ commit: CommitID, of model: ModelName, at sequence: Int, isOld: Bool = false
    ) {
        if let known = entries[model]?[commit] {
            entries[model]?[commit]?.last = max(known.last, sequence)
            return
        }
        entries[model, default: [:]][commit] = Entry(first: isOld ? 0 : sequence, last: sequence)
        count += 1
    }

    var models: [ModelName] { Array(entries.keys) }

    /// The commits of a model, those that were first decided about last come first.
    func commits(of model: ModelName) -> [CommitID] {
        (entries[model] ?? [:]).sorted { ($0.value.first, $0.key) > ($1.value.first, $1.key) }
            .map(\.key)
    }

    /// When a commit was first decided about; 0: long ago.
    func first(_ commit: CommitID, of model: ModelName) -> Int {
        entries[model]?[commit]?.first ?? 0
    }

    /// Drops what was decided about longest ago and is not `needed`; returns the commits that no
    /// model is watched at any more.
    mutating func shrink(needed: Set<CommitID>) -> Set<CommitID> {
        guard count > Self.size + Self.size / 10 else { return [] }
        let all = entries.flatMap { model, commits in
            commits.map { (model: model, commit: $0.key, last: $0.value.last) }
        }.sorted { ($0.last, $0.model, $0.commit) < ($1.last, $1.model, $1.commit) }
        var dropped: Set<CommitID> = []
        for subject in all where count > Self.size {
            if needed.contains(subject.commit), count <= Self.sizeMax { continue }
            entries[subject.model]?[subject.commit] = nil
            if entries[subject.model]?.isEmpty ?? false { entries[subject.model] = nil }
            dropped.insert(subject.commit)
            count -= 1
        }
        let left = Set(entries.values.flatMap(\.keys))
        return dropped.subtracting(left)
    }
}
