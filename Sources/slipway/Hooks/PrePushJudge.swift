import Domain
import Planning

/// What the hook before a push refuses, on the machine of whoever pushes.
struct PrePushJudge: Sendable {
    /// One line of githooks(5), pre-push.
    struct Line: Hashable, Sendable {
        var local: ObjectID
        var update: RefUpdate

        /// `local-ref SP local-oid SP remote-ref SP remote-oid`
        init?(_ text: String) {
            let words = text.split(separator: " ")
            guard words.count == 4, let local = ObjectID(String(words[1])),
                let old = ObjectID(String(words[3]))
            else { return nil }
            self.local = local
            update = RefUpdate(old: old, new: local, ref: String(words[2]))
        }
    }

    let git: HookGit
    /// The remote's name, or its address.
    let remote: String
    private(set) var refusals: [Refusal] = []
    private(set) var notes: [String] = []

    init(git: HookGit, remote: String) {
        self.git = git
        self.remote = remote
    }

    mutating func judge(_ lines: [Line]) async throws {
        for line in lines {
            guard let own = line.update.kind.botsOwn else { continue }
            refusals.append(
                Refusal(
                    "only the bot writes \(own.what)", at: line.update.ref,
                    mend: line.update.mend(own.mend)))
        }
        let rest = lines.filter { $0.update.kind.botsOwn == nil && !$0.local.isZero }
        let old = rest.map(\.update.old).filter { !$0.isZero }
        let known = Set(try await git.look(old).keys)
        try await judgeTrees(rest.map(\.update), known)
        var hunt = SecretHunt(git)
        try await hunt.searchCommits(
            rest.map(\.local), notIn: "--remotes=\(remote)", known.sorted())
        refusals += hunt.found.map(\.refusal)
        notes += hunt.notes
    }

    /// Judges the tip of every branch once, wherever it is pushed to.
    private mutating func judgeTrees(_ updates: [RefUpdate], _ known: Set<ObjectID>) async throws {
        var seen: Set<ObjectID> = []
        for update in updates {
            guard case .branch = update.kind, seen.insert(update.new).inserted else { continue }
            let tree = try await CommittedTree(git, update.new)
            // Because a branch of pages or of notes is nothing of ours.
            guard tree.hasRepositoryFile else { continue }
            let old = known.contains(update.old) ? update.old : nil
            let errors = try await tree.errors(since: old, notes: &notes)
            refusals += errors.map { Refusal($0, in: update.ref) }
        }
    }
}
