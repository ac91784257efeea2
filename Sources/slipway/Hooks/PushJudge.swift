import Daemon
import Domain
import Planning

/// What the server refuses of one push, before any of its refs is changed.
struct PushJudge: Sendable {
    let git: HookGit
    let pusher: Pusher
    /// The name by which the transport knows the bot; nil: no one is the bot.
    let bot: String?
    let state: StateFolder
    private(set) var refusals: [Refusal] = []
    private(set) var notes: [String] = []

    init(git: HookGit, pusher: Pusher, bot: String?, state: StateFolder) {
        self.git = git
        self.pusher = pusher
        self.bot = bot
        self.state = state
    }

    /// Judges every ref of the push, each by every rule.
    mutating func judge(_ pushed: [RefUpdate], _ options: PushOptions) async throws {
        let updates = try await resolved(pushed)
        for option in options.unknown {
            refusals.append(
                Refusal(
                    "there is no such push option", at: oneLine(option, charactersMax: 100),
                    mend: "slipway.skip and slipway.why=TEXT are"))
        }
        for update in updates { judgeName(update) }
        try await judgeReviews(updates)
        try await judgeWatched(updates)
        try await judgeSecrets(updates)
    }

    /// The updates with the refs that are really written: a branch may be another's alias.
    private func resolved(_ updates: [RefUpdate]) async throws -> [RefUpdate] {
        let output = try await git.output([
            "for-each-ref", "--format=%(symref) %(refname)", "refs/heads/",
        ])
        var aliases: [String: String] = [:]
        for line in output.split(separator: UInt8(ascii: "\n")) where line.first != 32 {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            if words.count == 2 { aliases[String(words[1])] = String(words[0]) }
        }
        return updates.map { update in
            var update = update
            update.ref = aliases[update.ref] ?? update.ref
            return update
        }
    }

    // MARK: Names

    private mutating func judgeName(_ update: RefUpdate) {
        let kind = update.kind
        if kind == .inTheWay {
            refusals.append(
                Refusal(
                    "a ref of this name would be in the way of those below it", at: update.ref,
                    mend: "take another name"))
        }
        if let own = kind.botsOwn, !pusher.isBot(bot) {
            let whoIs =
                bot == nil
                ? " (the server names no bot: slipway hook install --server --bot USER)" : ""
            refusals.append(
                Refusal(
                    "only the bot writes \(own.what), and you are \(pusher.text)\(whoIs)",
                    at: update.ref, mend: update.mend(own.mend)))
        } else if let objection = kind.objection(to: update) {
            refusals.append(objection)
        }
    }

    // MARK: Reviews

    private mutating func judgeReviews(_ updates: [RefUpdate]) async throws {
        let tags = updates.filter { $0.kind == .review && !$0.new.isZero }
        guard !tags.isEmpty else { return }
        do {
            let judge = try await ReviewTagJudge(git, state, branch: try await watched())
            refusals += try await judge.refusals(of: tags)
        } catch let error as Failure {
            for tag in tags {
                refusals.append(
                    Refusal(
                        "it cannot be judged, because who is trusted cannot be read: \(error.what)",
                        at: tag.ref,
                        mend: "whoever runs the server: \(state.signers) must be readable here"))
            }
        }
    }

    // MARK: The watched branch

    private mutating func judgeWatched(_ updates: [RefUpdate]) async throws {
        guard updates.contains(where: { $0.ref.hasPrefix("refs/heads/") }) else { return }
        let watched = try await watched()
        for update in updates where update.ref == watched.ref {
            if update.new.isZero {
                refusals.append(
                    Refusal(
                        "the watched branch is not deleted", at: update.ref,
                        mend: "leave it out of the push"))
                continue
            }
            if !update.old.isZero, try await !git.isAncestor(update.old, of: update.new) {
                refusals.append(
                    Refusal(
                        "the watched branch is not rewritten: \(update.old.short), which it has, "
                            + "would be lost", at: update.ref,
                        mend: "git pull --rebase, then push; take a commit back with git revert"))
            }
            let tree = try await CommittedTree(git, update.new)
            let errors = try await tree.errors(
                since: update.old.isZero ? nil : update.old, notes: &notes)
            refusals += errors.map { Refusal($0, in: update.ref) }
        }
    }

    /// The branch that is watched before this push: the one that the `slipway.yaml` of HEAD's
    /// branch names.
    private func watched() async throws -> (ref: String, declared: RepositoryDeclaration) {
        let head = try await git.answer("symbolic-ref", "--quiet", "HEAD") ?? "refs/heads/main"
        guard let declared = try await declaration(on: head) else {
            return (head, RepositoryDeclaration())
        }
        let ref = "refs/heads/\(declared.branch)"
        // Because the watched branch has the file that counts.
        return (ref, try await declaration(on: ref) ?? declared)
    }

    /// The `slipway.yaml` of a branch; nil when it has none, or errors in it.
    private func declaration(on ref: String) async throws -> RepositoryDeclaration? {
        let name = "\(ref):\(repositoryFile)"
        guard let text = try await git.answer("rev-parse", "--verify", "--quiet", name),
            let blob = ObjectID(text), let object = try await git.read([blob])[blob]
        else { return nil }
        let files = [TreeFile(path: repositoryFile, blob: blob)]
        let plan = try await Planner().plan(files: files) { _ in object.bytes }
        return plan.repositoryIsBroken ? nil : plan.repository
    }

    // MARK: Secrets

    private mutating func judgeSecrets(_ updates: [RefUpdate]) async throws {
        let tips = updates.filter { !$0.new.isZero && $0.kind.botsOwn == nil }.map(\.new)
        var hunt = SecretHunt(git)
        try await hunt.searchCommits(tips, notIn: "--all")
        refusals += hunt.found.map(\.refusal)
        notes += hunt.notes
    }
}
