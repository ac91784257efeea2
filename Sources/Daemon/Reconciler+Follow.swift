import Domain
import Git
import Host
import Journal
import Logging
import Planning
import Registry
import Transfer

// What a prefix of an object store holds becomes commits of the bot that pin it, judged like
// anybody's. Looking and reading happen beside the loop; only a turn commits.

/// What is known of the prefixes that datasets follow.
struct FollowBook: Sendable {
    struct Entry: Sendable {
        var source: String
        var format: DatasetManifest.Format
        /// On the monotonic clock.
        var dueAt = 0.0
        var isUnderWay = false
        /// What the last look came to, with what it was based on, until a turn takes it up.
        var end: (order: FollowOrder, end: FollowEnd)?
        var read: [StoredObject: Arrival.Kept] = [:]
        /// Looks in a row that failed, or found an object changing.
        var failures = 0
        var moves = 0
    }

    var entries: [DatasetName: Entry] = [:]

    /// Whether some prefix is to be looked at, or waits for a turn.
    var isDue: Bool {
        let now = monotonicSeconds()
        return entries.values.contains { !$0.isUnderWay && ($0.end != nil || $0.dueAt <= now) }
    }
}

extension Reconciler {
    private static let followSecondsUsual = 60.0
    /// The longest pause between two looks at a prefix that cannot be read.
    private static let followSecondsMax = 900.0
    /// The pause before an object that was changing is read again.
    private static let movingSeconds = 5.0
    /// An object that changes in so many looks is told to people.
    private static let movesMax = 10

    /// Looks at prefixes whose time has come, and commits what earlier looks found.
    func followPrefixes() async {
        guard let head = scan.head, let plan = scan.plan, !plan.repositoryIsBroken else { return }
        await forgetUnfollowed(plan)
        for (name, declared) in plan.datasets.sorted(by: { $0.key < $1.key }) {
            if Task.isCancelled { return }
            let manifest = declared.ofOwnFiles
            guard let source = manifest.followed else { continue }
            if follows.entries[name]?.source != source
                || follows.entries[name]?.format != manifest.format
            {
                follows.entries[name] = FollowBook.Entry(source: source, format: manifest.format)
            }
            do {
                guard !isResting(name, plan) else {
                    putOff(name, followSeconds)
                    continue
                }
                if let last = follows.entries[name]?.end {
                    follows.entries[name]?.end = nil
                    if try await takeUp(last.end, of: last.order, head) { return wake() }
                }
                try await orderLook(at: manifest, source, head)
            } catch {
                if Task.isCancelled { return }
                await followFailed(name, failure(of: error))
            }
        }
    }

    private var followSeconds: Double {
        workshop.configuration.followSeconds ?? Self.followSecondsUsual
    }

    private func putOff(_ name: DatasetName, _ seconds: Double) {
        // Because many daemons must not ask one store at the same moment.
        let jitter = Double.random(in: 0.8...1.2)
        follows.entries[name]?.dueAt = monotonicSeconds() + seconds * jitter
    }

    private func forgetUnfollowed(_ plan: RepositoryPlan) async {
        for name in follows.entries.keys where plan.datasets[name]?.ofOwnFiles.followed == nil {
            follows.entries[name] = nil
        }
        let keys = noted.filter { key in
            key.hasPrefix("follow:")
                && !plan.datasets.contains {
                    "follow:\($0.key)" == key && $0.value.ofOwnFiles.followed != nil
                }
        }
        for key in keys {
            // Because a journal that cannot be written is told elsewhere.
            try? await clear(key)
        }
    }

    /// Whether everything that uses the dataset is suspended, or the repository itself.
    private func isResting(_ name: DatasetName, _ plan: RepositoryPlan) -> Bool {
        let now = workshop.clock()
        let everything = plan.repository.suspensions.contains { suspension in
            suspension.model == nil && suspension.environment == nil
                && suspension.until.map { $0 > now } ?? true
        }
        let users = plan.models.filter { $0.value.readDatasets[name] != nil }
            .map(\.key)
        return everything
            || !users.isEmpty
                && users.allSatisfy { model in
                    suspension(of: model, records[model] ?? ModelRecord(model: model)) != nil
                }
    }

    private func orderLook(
        at manifest: DatasetManifest, _ source: String, _ head: CommitID
    ) async throws {
        guard let entry = follows.entries[manifest.name], !entry.isUnderWay,
            entry.dueAt <= monotonicSeconds()
        else { return }
        let order = FollowOrder(
            manifest: manifest, source: source,
            pinned: try await pins(of: manifest.name, at: head), read: entry.read,
            lastPinned: try await workshop.journal.position("follow:\(manifest.name)")
                .flatMap { Digest($0) })
        follows.entries[manifest.name]?.isUnderWay = true
        orders.append(.follow(order))
    }

    private func pins(of name: DatasetName, at head: CommitID) async throws -> [UInt8]? {
        try await workshop.repository.blob(
            at: head, PinFile.path(of: name), limitBytes: PinFile.bytesMax)
    }

    /// A look has ended; the next turn takes it up.
    func followed(_ order: FollowOrder, _ end: FollowEnd) {
        let name = order.manifest.name
        guard !Task.isCancelled, var entry = follows.entries[name],
            entry.source == order.source, entry.format == order.manifest.format
        else { return }
        entry.isUnderWay = false
        entry.end = (order, end)
        follows.entries[name] = entry
        wake()
    }

    /// Returns whether the branch has moved on.
    private func takeUp(
        _ end: FollowEnd, of order: FollowOrder, _ head: CommitID
    ) async throws -> Bool {
        let name = order.manifest.name
        switch end {
        case .failed(let failure):
            await followFailed(name, failure)
            return false
        case .moving(let read):
            follows.entries[name]?.read = read
            follows.entries[name]?.moves += 1
            putOff(name, min(Self.movingSeconds, followSeconds))
            if follows.entries[name]?.moves ?? 0 >= Self.movesMax {
                await note(moving(order), "follow:\(name)")
            }
            return false
        case .takenBack:
            settle(name)
            await note(takenBack(order), "follow:\(name)")
            return false
        case .pinned(let content):
            settle(name)
            if order.lastPinned != content {
                try await workshop.journal.setPosition("follow:\(name)", content.hex)
            }
            try await clear("follow:\(name)")
            return false
        case .changed(let change):
            return try await pin(change, order, head)
        }
    }

    private func settle(_ name: DatasetName) {
        follows.entries[name]?.read = [:]
        follows.entries[name]?.failures = 0
        follows.entries[name]?.moves = 0
        putOff(name, followSeconds)
    }

    /// Commits the new pins; another commit that changed them meanwhile is looked at first.
    private func pin(
        _ change: FollowChange, _ order: FollowOrder, _ head: CommitID
    ) async throws -> Bool {
        let name = order.manifest.name
        guard try await pins(of: name, at: head) == order.pinned else {
            follows.entries[name]?.dueAt = 0
            return false
        }
        do {
            let new = try await PinCommit(workshop: workshop, order: order, change: change)
                .publish(on: head, branch: branch)
            botPushed(new, on: head, branch: branch)
            workshop.logger.info("\(change.subject), committed as \(new.short)")
        } catch GitError.conflict {
            // Because somebody was faster: on the new head it is tried again.
            follows.entries[name]?.end = (order, .changed(change))
            lookDueAt = 0
            return true
        }
        settle(name)
        try await workshop.journal.setPosition("follow:\(name)", change.content.hex)
        try await clear("follow:\(name)")
        lookDueAt = 0
        return true
    }

    private func followFailed(_ name: DatasetName, _ failure: Failure) async {
        let count = min((follows.entries[name]?.failures ?? 0) + 1, 10)
        follows.entries[name]?.failures = count
        putOff(name, min(followSeconds * Double(1 << (count - 1)), Self.followSecondsMax))
        if count == 1 { workshop.logger.warning("\(failure.what)") }
        await note(failure, "follow:\(name)")
    }

    private func takenBack(_ order: FollowOrder) -> Failure {
        Failure(
            "what `\(order.source)` holds was pinned and taken back; it is not pinned again",
            at: PinFile.path(of: order.manifest.name),
            hint: "revert the commit that took it back, or change the objects",
            .wait(for: "other objects, or a commit"))
    }

    private func moving(_ order: FollowOrder) -> Failure {
        Failure(
            "objects at `\(order.source)` change faster than they can be read",
            at: order.manifest.path,
            hint: "write objects under new names, and leave those that are there",
            .retry(afterSeconds: Self.movingSeconds))
    }
}

/// The commit of the bot that pins what a prefix holds.
private struct PinCommit {
    let workshop: Workshop
    let order: FollowOrder
    let change: FollowChange

    func publish(on head: CommitID, branch: String) async throws -> CommitID {
        let bot = workshop.bot()
        let written = try await workshop.repository.writeCommit(
            parents: [head], base: head,
            changes: [
                FileChange(
                    path: PinFile.path(of: order.manifest.name),
                    content: .bytes(change.pins.encoded))
            ],
            message: message, author: bot, committer: bot)
        let new = try await workshop.signed(written)
        try await workshop.upstream.publish([
            RefUpdate(name: "refs/heads/\(branch)", expected: head, new: new)
        ])
        return new
    }

    private var message: String {
        let lines = change.lines.map { "  \($0)\n" }.joined()
        return """
            \(change.subject)

            \(lines)
            Dataset: \(order.manifest.name)
            Pinned-From: \(order.source)
            """
    }
}
