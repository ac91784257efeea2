import Domain
import Git

/// The commits between two points of a history, and which of them made what stands at the later.
///
/// Of a history that ends nowhere only the commits are kept that brought something.
struct Story: Sendable {
    /// Whether what counts is other in a commit than in another one; nil: than in nothing.
    typealias Difference = @Sendable (CommitID, CommitID?) async throws -> Bool

    private let repository: Repository
    private let scope: PathScope
    private let head: CommitID
    private let base: CommitID?
    private var steps: [HistoryStep]
    private var differs: Difference

    /// Reads the commits reachable from `head` and not from `base`; nil: all of them, or those
    /// that are not reachable from `readBefore`.
    init(
        _ repository: Repository, from head: CommitID, notFrom base: CommitID?,
        readBefore: CommitID? = nil, at scope: PathScope
    ) async throws {
        (self.repository, self.scope, self.head, self.base) = (repository, scope, head, base)
        // Because it may take a while, and nobody else shall wait for it.
        steps = try await Repository(path: repository.path).history(
            of: head, notFrom: base ?? readBefore, at: scope, keeping: base == nil ? .own : .all)
        differs = { one, other in
            guard let other else { return true }
            return try await repository.differs(one, from: other, at: scope)
        }
    }

    /// Lets differences count only where `isMeant` says so; it is asked where there is one.
    mutating func keep(_ isMeant: @escaping Difference) async throws {
        for (index, step) in steps.enumerated() {
            var differs = step.differs
            for place in differs.indices where differs[place] {
                let parent = step.parents.isEmpty ? nil : step.parents[place]
                differs[place] = try await isMeant(step.commit, parent)
            }
            steps[index].differs = differs
        }
        let wide = differs
        differs = { one, other in
            guard try await wide(one, other) else { return false }
            return try await isMeant(one, other)
        }
    }

    /// The commits whose people count, newest first and each once.
    ///
    /// A merge counts when it differs from each parent, so that it brought something of its own.
    var commits: [CommitID] {
        get async throws {
            let own = steps.filter(\.isOwn).map(\.commit)
            guard let base, steps.contains(where: { $0.parents.count > 1 }) else { return own }
            let found = Set(own)
            return try await own + backwardMerges(to: base).filter { !found.contains($0) }
        }
    }

    // MARK: Merges that went back

    /// Returns the merges that took their content from before `base` and not from it.
    ///
    /// They differ from no parent in anything new, and yet they, and nobody after `base`, put the
    /// content there. Only commits whose content came down to `head` are asked.
    private func backwardMerges(to base: CommitID) async throws -> [CommitID] {
        let known = Dictionary(uniqueKeysWithValues: steps.map { ($0.commit, $0) })
        var found: [CommitID] = []
        var begun: Set<CommitID> = [head]
        var starts = [head]
        while let start = starts.popLast() {
            guard known[start] != nil, try await differs(start, base) else { continue }
            let way = way(from: start, known)
            if way.origins.isEmpty { found += way.merges.map(\.commit) }
            starts += way.origins.flatMap(\.parents).filter { begun.insert($0).inserted }
        }
        return found
    }

    /// Follows one content to the commits that made it, as far as they come after the base, and
    /// names the merges on the way that took it from some parents and not from others.
    private func way(
        from start: CommitID, _ known: [CommitID: HistoryStep]
    ) -> (origins: [HistoryStep], merges: [HistoryStep]) {
        var (origins, merges): ([HistoryStep], [HistoryStep]) = ([], [])
        var seen: Set<CommitID> = [start]
        var queue = [start]
        while let id = queue.popLast() {
            guard let step = known[id] else { continue }
            if step.isOwn { origins.append(step) }
            let heirs = step.heirs
            if !heirs.isEmpty, heirs.count < step.parents.count { merges.append(step) }
            queue += heirs.filter { seen.insert($0).inserted }
        }
        return (origins, merges)
    }
}

extension HistoryStep {
    /// The parents whose content the commit has.
    fileprivate var heirs: [CommitID] {
        zip(parents, differs).filter { !$0.1 }.map(\.0)
    }
}
