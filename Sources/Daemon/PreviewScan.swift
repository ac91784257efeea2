import Domain
import Git
import Host
import Planning

/// The heads of previews, and what each changes against its merge base with the watched branch.
///
/// A few are read in one look, so that many new ones never keep the watched branch waiting. One
/// that cannot be read is set aside with a reason and hides no other.
final class PreviewScan {
    /// What a preview's commit says about a model that it touches.
    enum Content: Sendable {
        case planned(ModelPlan)
        case broken([Diagnostic])
        case absent
    }

    /// A preview as it was read.
    struct Head: Sendable {
        var commit: CommitID
        /// The head of the watched branch that `base` was found with.
        var against: CommitID
        /// nil: the two have nothing in common.
        var base: CommitID?
        var contents: [ModelName: Content]
        /// Why it could not be read; nil: it could.
        var trouble: Failure?
    }

    /// What one look came to.
    struct Change: Sendable {
        /// Models that a preview touches now or touched before.
        var touched: Set<ModelName> = []
        /// Refs that moved or are gone.
        var moved: Set<String> = []
        /// Whether there is nothing left to read.
        var isComplete = true
    }

    /// As the watched branch names them; never what a preview says itself.
    private(set) var patterns: [RefPattern] = []
    /// Every ref that matches now.
    private(set) var refs: [String: CommitID] = [:]
    /// What was read of them.
    private(set) var heads: [String: Head] = [:]
    /// Refs that were there and are not listed, and since when, in monotonic seconds.
    ///
    /// They count as gone only when another look misses them too: a push takes a merged branch
    /// away just before or after it moves the watched one, and the run is that of both.
    private(set) var missed: [String: Double] = [:]
    /// How many refs matched beyond those that are looked at.
    private(set) var leftOut = 0

    private let repository: Repository
    /// A planner of its own, because that of the branch goes from commit to commit.
    private lazy var planner = Planner()
    private let refsMax = 500
    private let readsPerLook = 16

    /// The least time from the look that misses a ref first to the one that believes it.
    private let graceSeconds: Double

    init(_ repository: Repository, graceSeconds: Double = 1) {
        self.repository = repository
        self.graceSeconds = graceSeconds
    }

    /// Takes the patterns of the watched branch; the branch itself and the bot's are never matched.
    func follow(_ patterns: [String]) { self.patterns = patterns.map { RefPattern($0) } }

    /// Lists the refs and reads those that are new, or whose base may be another by now.
    func look(besides branch: String, at watched: CommitID) async throws -> Change {
        var change = Change()
        let found = keepMissed(try await list(besides: "refs/heads/\(branch)"))
        change.moved = Set(refs.filter { found[$0.key] != $0.value }.keys)
            .union(found.keys.filter { refs[$0] == nil })
        refs = found
        for (ref, head) in heads where found[ref] != head.commit {
            change.touched.formUnion(head.contents.keys)
            heads[ref] = nil
        }
        let open = found.filter { heads[$0.key]?.against != watched }.sorted { $0.key < $1.key }
        for (ref, commit) in open.prefix(readsPerLook) {
            let before = heads[ref]
            let head = try await read(commit, against: watched, before)
            heads[ref] = head
            change.touched.formUnion(head.contents.keys)
            change.touched.formUnion(before.map { Set($0.contents.keys) } ?? [])
        }
        change.isComplete = open.count <= readsPerLook
        return change
    }

    /// The plan of a preview's commit for a model; nil: no preview has it.
    func plan(of model: ModelName, at commit: CommitID) -> ModelPlan? {
        for head in heads.values where head.commit == commit {
            if case .planned(let plan) = head.contents[model] { return plan }
        }
        return nil
    }

    /// Adds the refs that are missed for the first time, or not for long.
    private func keepMissed(_ listed: [String: CommitID]) -> [String: CommitID] {
        let now = monotonicSeconds()
        let before = missed
        missed = [:]
        var found = listed
        for (ref, commit) in refs
        where listed[ref] == nil && patterns.contains(where: { $0.matches(ref) }) {
            if let since = before[ref], now - since >= graceSeconds { continue }
            missed[ref] = before[ref] ?? now
            found[ref] = commit
        }
        return found
    }

    private func list(besides branch: String) async throws -> [String: CommitID] {
        var found: [String: CommitID] = [:]
        for prefix in Set(patterns.map(\.prefix)) {
            for ref in try await repository.refs(prefix: prefix) where ref.name != branch {
                guard let commit = ref.commit, !ref.name.hasPrefix("refs/heads/slipway/"),
                    patterns.contains(where: { $0.matches(ref.name) })
                else { continue }
                found[ref.name] = commit
            }
        }
        leftOut = max(found.count - refsMax, 0)
        guard leftOut > 0 else { return found }
        let kept = found.sorted { $0.key < $1.key }.prefix(refsMax)
        return Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }

    private func read(
        _ commit: CommitID, against watched: CommitID, _ before: Head?
    ) async throws -> Head {
        var head = Head(commit: commit, against: watched, base: nil, contents: [:])
        do {
            head.base = try await repository.mergeBase(commit, watched)
            if let before, before.base == head.base, before.trouble == nil {
                head.contents = before.contents
            } else {
                head.contents = try await contents(of: commit, since: head.base)
            }
        } catch {
            if Task.isCancelled { throw error }
            head.trouble = failure(of: error)
        }
        return head
    }

    /// Nothing when the commit is on the watched branch, which has its say then.
    private func contents(
        of commit: CommitID, since base: CommitID?
    ) async throws -> [ModelName: Content] {
        guard base != commit else { return [:] }
        let changed = try await repository.changedPaths(from: base, to: commit)
        guard !changed.isEmpty else { return [:] }
        var old: RepositoryPlan?
        if let base { old = try await plan(of: base) }
        let new = try await plan(of: commit)
        let touched =
            base == nil
            ? new.modelNames : touchedModels(changedPaths: changed, old: old, new: new)
        var contents: [ModelName: Content] = [:]
        for model in touched {
            if new.repositoryIsBroken {
                contents[model] = .broken(new.diagnostics)
            } else if let problems = new.brokenModels[model] {
                contents[model] = .broken(problems)
            } else {
                contents[model] = new.models[model].map { .planned($0) } ?? .absent
            }
        }
        return contents
    }

    private func plan(of commit: CommitID) async throws -> RepositoryPlan {
        let files = try await repository.listing(of: commit).map {
            TreeFile(path: $0.path, mode: $0.mode, blob: $0.blob)
        }
        return try await planner.plan(files: files) { [repository] file in
            try await repository.blob(file.blob)
        }
    }
}
