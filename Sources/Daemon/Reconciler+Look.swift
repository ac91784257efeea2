import Domain
import Git
import Journal
import Logging
import Planning

// The branch, the tags and the notes are read; models that something happened to become dirty.

extension Reconciler {
    /// Brings the records up to what the notes say.
    func load() async throws {
        guard let decisions = try await log.look() else { return }
        isLoaded = true
        records = decisions.records
        decidedHeads = decisions.heads
        desk.take(decisions.policy)
        dirty.formUnion(records.keys)
    }

    /// Reads the branch and the reviewers' tags, and marks the models that something happened to;
    /// returns whether anything moved.
    @discardableResult
    func look() async throws -> Bool {
        var spaces: [[Reference]] = []
        for prefix in ReviewTags.prefixes {
            spaces.append(try await workshop.repository.refs(prefix: prefix))
        }
        let moved = tags.take(spaces)
        let haveTagsMoved = !moved.isEmpty
        for model in moved.compactMap({ ModelName(String($0)) }) { mark(model) }
        let known = scan.head
        if let head = try await watchedHead(), head != known { try await follow(head) }
        if haveTagsMoved || scan.head != known { try await showStrangers() }
        if scan.head != known { try await showRepositoryDiagnostics() }
        let havePreviewsMoved = try await lookAtPreviews()
        return haveTagsMoved || scan.head != known || havePreviewsMoved
    }

    /// Moves the scan to the branch's new head.
    private func follow(_ head: CommitID) async throws {
        var after = scan.head
        var unreachable: Set<ModelName> = []
        let last = try await lastHead()
        // Because of commits that are gone nothing can be asked.
        if let known = after, try await !workshop.repository.has(known) { after = nil }
        if after == nil { (after, unreachable) = try await lastScanned(head) }
        var moved = try await scan.move(to: head, after: after, known: Set(records.keys))
        if let last, try await showHistory(from: last, to: head) != .advanced {
            unreachable.formUnion(try await openOutside(head))
        }
        for model in unreachable where moved[model] == nil { moved[model] = [head] }
        for (model, commits) in moved { take(commits, of: model) }
    }

    /// Adds commits that touched a model, oldest first, and leaves out those that are decided.
    private func take(_ commits: [CommitID], of model: ModelName) {
        guard let newest = commits.last else { return }
        let outcomes = records[model]?.outcomes ?? [:]
        let isDecided = outcomes[newest]?.isFinal ?? false
        // Because the head that was decided last is no return to anything.
        revisited[model] = isDecided && decidedHeads[model] != newest ? newest : nil
        touched[model, default: []] += commits.filter {
            !(outcomes[$0]?.isFinal ?? false) || $0 == revisited[model]
        }
        if touched[model]?.isEmpty ?? false { touched[model] = nil }
        mark(model)
    }

    /// Something new is known, so what failed before may go well now.
    func mark(_ model: ModelName) {
        dirty.insert(model)
        retryAt[model] = nil
    }

    /// The head of the branch that the repository itself names.
    private func watchedHead() async throws -> CommitID? {
        if scan.head == nil {
            branch = try await WatchedBranch.find(in: workshop.repository).name
        }
        guard let head = try await workshop.repository.ref("refs/heads/\(branch)") else {
            if let last = try await lastHead() {
                let failure = BranchHistory.deleted(branch: branch, last: last)
                if !noted.contains("branch") { workshop.logger.warning("\(failure.what)") }
                await note(failure, "branch")
                return nil
            }
            await note(
                Failure(
                    "the branch `\(branch)` has no commits yet", at: workshop.upstream.path,
                    hint: "push one: git push origin \(branch)", .wait(for: "a commit")),
                "branch")
            return nil
        }
        try await clear("branch")
        return head
    }

    /// The branch's head as it was last seen, in this life or an earlier one.
    private func lastHead() async throws -> CommitID? {
        if let head = scan.head { return head }
        return try await workshop.journal.position("scanned").flatMap { CommitID($0) }
    }

    /// Tells people when the branch did not simply go on; a commit of somebody else than the bot
    /// on top takes it away again, and so does going back to where the branch was before.
    private func showHistory(
        from old: CommitID, to new: CommitID
    ) async throws -> BranchHistory {
        guard old != new else { return .advanced }
        let history = try await BranchHistory.between(old, new, in: workshop.repository)
        let lost = try await workshop.journal.position(lostHeadKey).flatMap { CommitID($0) }
        var whole = history
        if let lost {
            whole = try await BranchHistory.between(lost, new, in: workshop.repository)
        }
        var isMended = whole == .advanced
        if !isMended, history == .advanced { isMended = try await !isBots(after: old, upTo: new) }
        let failure = whole.failure(branch: branch, old: lost ?? old, new: new)
        guard !isMended, let failure else {
            if lost != nil { try await workshop.journal.setPosition(lostHeadKey, nil) }
            try await clear("history")
            return history
        }
        if lost == nil { try await workshop.journal.setPosition(lostHeadKey, old.hex) }
        workshop.logger.warning("\(failure.what)")
        await note(failure, "history")
        return history
    }

    /// Where the branch was before it was damaged, while that is shown.
    private var lostHeadKey: String { "lost head" }

    /// Whether nobody but the bot has added commits on the way.
    private func isBots(after old: CommitID, upTo new: CommitID) async throws -> Bool {
        let bot = workshop.configuration.bot.email
        guard
            case .commits(let commits) = try await workshop.repository.firstParentCommits(
                after: old, upTo: new, limit: 1000)
        else { return false }
        for id in commits {
            let commit = try await workshop.repository.commit(id)
            guard commit.parents.count == 1, commit.author.email == bot,
                commit.committer.email == bot
            else { return false }
        }
        return true
    }

    /// Models whose undecided head is not on the branch any more.
    private func openOutside(_ head: CommitID) async throws -> Set<ModelName> {
        var outside: Set<ModelName> = []
        for (model, commits) in touched {
            guard let last = commits.last else { continue }
            if try await workshop.repository.has(last),
                try await workshop.repository.isAncestor(last, of: head)
            {
                continue
            }
            outside.insert(model)
        }
        return outside
    }

    /// Where an earlier life of the daemon had come to; from the notes when the journal is new.
    ///
    /// Then the branch is read again from the oldest decided head, and models whose head is not on
    /// the branch any more are named, because nothing on the way tells about them.
    private func lastScanned(
        _ head: CommitID
    ) async throws -> (after: CommitID?, unreachable: Set<ModelName>) {
        if let text = try await workshop.journal.position("scanned"), let id = CommitID(text),
            try await workshop.repository.has(id)
        {
            return (id, [])
        }
        var oldest: CommitID?
        var reached: [CommitID: Bool] = [:]
        for commit in Set(decidedHeads.values) {
            var isReached = false
            if try await workshop.repository.has(commit) {
                isReached = try await workshop.repository.isAncestor(commit, of: head)
            }
            reached[commit] = isReached
            guard isReached else { continue }
            if let known = oldest {
                if try await workshop.repository.isAncestor(commit, of: known) { oldest = commit }
            } else {
                oldest = commit
            }
        }
        return (oldest, Set(decidedHeads.filter { reached[$0.value] == false }.keys))
    }

    /// Tags in the reviewers' space that no model could ever take up.
    private func showStrangers() async throws {
        let models = Set(records.keys).union(scan.plan?.modelNames ?? [])
        let strangers = tags.strangers(to: models, shownMax: 50)
        guard let first = strangers.first.first else { return try await clear("tags") }
        let others = strangers.count == 1 ? "" : ", and \(strangers.count - 1) more like it"
        if !noted.contains("tags") {
            workshop.logger.warning("the tag `\(first)` names no model of this repository")
        }
        await note(
            Failure(
                "the tag `\(first)` names no model of this repository\(others)",
                at: "refs/tags/\(first)", hint: deletion(of: "refs/tags/\(first)"),
                .wait(for: "its deletion, or such a model"),
                details: strangers.first.map {
                    Diagnostic(
                        .warning, at: Place(file: "refs/tags/\($0)"), "names no model")
                }),
            "tags")
    }

    /// Tags in the model's space that do not count, until their refs are gone.
    func showRefusedTags(of model: ModelName) async throws {
        let key = "tags:\(model)"
        // Because the refs are many, and models with such tags few.
        guard let record = records[model], record.tags.contains(where: { $0.refusal != nil }),
            let failure = RefusedTags(record.tags, of: model, present: tags.refs(of: model))
                .failure
        else { return try await clear(key) }
        await note(failure, key)
    }

    private func showRepositoryDiagnostics() async throws {
        let findings = (scan.plan?.diagnostics ?? []).filter { $0.severity == .error }
        guard let first = findings.first else { return try await clear("declarations") }
        await note(
            Failure(
                first.message, at: first.place.description, hint: first.hint,
                .wait(for: "a commit"), details: findings),
            "declarations")
    }

    /// Lets the branch of each environment say what its file says, also when no model moves.
    func declareEnvironments() async {
        guard let head = scan.head, let plan = scan.plan, declaredHead != head else { return }
        var isWhole = true
        for (name, declaration) in plan.environments.sorted(by: { $0.key < $1.key }) {
            if Task.isCancelled { return }
            do {
                if try await Publishing(workshop: workshop).declare(declaration, in: name) {
                    await ServeLink(workshop.folder, name).wake()
                }
                try await clear("environment:\(name)")
            } catch {
                if Task.isCancelled { return }
                isWhole = false
                await note(failure(of: error), "environment:\(name)")
            }
        }
        if isWhole { declaredHead = head }
    }
}
