package import Domain
import Git
import Host
import Journal
import Logging
import Planning
import Review
import Synchronization

/// The loop: observe, decide, perform, record, for one model after the other.
///
/// Hints only wake it. Whatever takes long (runs, the gate) is started and its end is one more
/// reason to look again, so the loop itself never waits for a training. Only a turn writes to git:
/// what ends beside it leaves its result for the next turn.
package actor Reconciler {
    let workshop: Workshop
    let log: DecisionLog
    let scan: BranchScan
    let desk: PolicyDesk
    let previews: PreviewScan
    /// The watched branch, as the repository's own `slipway.yaml` names it.
    var branch = "main"
    var records: [ModelName: ModelRecord] = [:]
    /// Commits that touched a model and are not decided; the last is the head.
    var touched: BranchScan.Touched = [:]
    /// The newest commit of each model that has a decision of its own.
    var decidedHeads: [ModelName: CommitID] = [:]
    /// Heads that were decided before the branch was moved back to them.
    var revisited: [ModelName: CommitID] = [:]
    var tags = ReviewTags()
    /// Runs that are wanted and under way.
    var running: Set<RunID> = []
    /// Runs that hold a place, those that were told to stop among them.
    var active: Set<RunID> = []
    /// Models whose run has no place yet, in the order in which they asked.
    var waitingForRoom: [ModelName] = []
    /// Models with a preview whose run has no place yet.
    var waitingPreviews: [ModelName] = []
    /// The watched branch has had its turn, and previews may take what places it left.
    var isPreviewTime = false
    /// Runs that an earlier life of the daemon began and nobody has closed.
    var leftovers: Set<RunID> = []
    /// How runs ended whose commits are not decided.
    var finished: [RunID: RunEnd] = [:]
    /// Models whose gate is deciding.
    var judging: Set<ModelName> = []
    /// What the gate said and no turn has taken up.
    var judgements: [ModelName: GateEnd] = [:]
    /// Work that was decided on and waits to be started by `run`.
    var orders: [Order] = []
    var dirty: Set<ModelName> = []
    var retryAt: [ModelName: Instant] = [:]
    /// When to look at a model again because time alone may have changed something.
    var alarms: [ModelName: Instant] = [:]
    /// Models that are suspended, and the head at which they were looked at last.
    var resting: (models: Set<ModelName>, head: CommitID?) = ([], nil)
    /// What a release of each model that waits for review needs.
    var policies: [ModelName: Seen.Policy] = [:]
    var failures: [ModelName: Int] = [:]
    /// The people behind each model's head, for the last head and base that were asked for.
    var authors: [ModelName: KnownAuthors] = [:]
    var publishedTags = PublishedTags()
    /// The tags in each model's space that are not ours, as the journal has them.
    var foreignTags: [ModelName: [ForeignTag]] = [:]
    /// Keys of the problems that the journal shows.
    var noted: Set<String> = []
    /// The head whose environments the branches show.
    var declaredHead: CommitID?
    /// The prefixes that datasets follow.
    var follows = FollowBook()
    /// What was wrong with the webhooks when they were last looked at.
    var webhooks: (failure: Failure?, seenAt: Instant?) = (nil, nil)
    var counts = LoopCounts()
    /// When the repository is looked at again by itself, on the monotonic clock.
    var lookDueAt = 0.0
    private var pace: Pace
    /// Pushes of which the server's hook has told.
    let pushHints = PushHints()
    /// A hook or a webhook has asked for a look.
    private let isHinted = Mutex(false)
    var isLoaded = false
    private var lookFailures = 0
    private var lookAgainAt = Instant(seconds: 0)
    /// When a turn last came to its end; `/healthz` asks for it.
    package private(set) var lastTurn: Instant?

    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private var restedAt: Instant?
    /// Because giving memory back walks through all of it.
    private let restSecondsMin = 60.0
    /// The longest pause after the repository could not be looked at.
    private let lookPauseSecondsMax = 60.0
    /// Because a look that is due is under way.
    private let secondsToLookMin = 0.01

    /// Something to do beside the loop.
    enum Order: Sendable {
        case run(RunOrder)
        case judge(GateOrder)
        /// Wait for the steps of a run that was told to stop, and free what it holds.
        case close(RunID)
        /// Look at the prefix that a dataset follows.
        case follow(FollowOrder)
    }

    struct KnownAuthors {
        var head: CommitID
        var base: CommitID?
        var inputs: ModelPaths
        var touches: [Authors.Touch]
    }

    struct GateEnd {
        var question: Action.Question
        var result: Result<Judgement, Failure>
    }

    package init(_ workshop: Workshop) {
        self.workshop = workshop
        log = DecisionLog(workshop)
        scan = BranchScan(workshop.repository, workshop.planner)
        desk = PolicyDesk(workshop)
        previews = PreviewScan(
            workshop.repository, graceSeconds: workshop.configuration.pollSeconds / 2)
        pace = Pace(
            fastSeconds: workshop.configuration.pollSeconds,
            secondsMax: workshop.configuration.pollSecondsMax)
    }

    /// A hook or a webhook says that something was pushed: asks for a look at the repository.
    package nonisolated func hint() {
        isHinted.withLock { $0 = true }
        wake()
    }

    /// Asks for a turn soon; called as often as anybody likes. A remote is not asked before its
    /// time.
    package nonisolated func wake() { wakes.continuation.yield() }

    /// Runs until the task is cancelled; runs under way are left to their supervisors.
    package func run() async {
        await begin()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            wake()
            for await _ in wakes.stream {
                if Task.isCancelled { break }
                await turn()
                start(&group)
            }
            group.cancelAll()
        }
    }

    /// Polls: hooks may be lost, and a remote sends none.
    private nonisolated func tick() async {
        while !Task.isCancelled {
            do {
                // Because a look that was hinted at may have made the next one due earlier.
                let pause = min(await secondsToLook, workshop.configuration.pollSeconds)
                try await Task.sleep(for: .seconds(max(pause, secondsToLookMin)))
            } catch {
                break
            }
            if await isTimeToWake { wake() }
        }
        wakes.continuation.finish()
    }

    private var secondsToLook: Double { lookDueAt - monotonicSeconds() }

    private var isTimeToWake: Bool { secondsToLook <= 0 || isAlarmDue || follows.isDue }

    /// Says when the next look is due, after this one.
    private func setPace(found: Bool, wasHinted: Bool) {
        let isIdle =
            dirty.isEmpty && active.isEmpty && judging.isEmpty && waitingForRoom.isEmpty
            && waitingPreviews.isEmpty && previews.missed.isEmpty
        let look = Pace.Look(found: found, wasHinted: wasHinted, isBusy: !isIdle)
        lookDueAt =
            monotonicSeconds() + pace.pause(after: look, random: Double.random(in: 0...1))
    }

    /// Starts what the turn decided on; each end wakes the loop.
    private func start(_ group: inout DiscardingTaskGroup) {
        let now = orders
        orders = []
        guard !Task.isCancelled else { return }
        for order in now {
            switch order {
            case .run(var order):
                order.baseline = live(beside: order.plan.candidate)
                order.releases = records[order.id.model]?.releases ?? []
                order.validations = records[order.id.model]?.validations ?? [:]
                group.addTask { [order] in
                    let end = await RunTask(self.workshop, order).run()
                    await self.ended(order.id, end)
                }
            case .judge(let order):
                group.addTask {
                    let result = await GateTask(self.workshop, order).run()
                    await self.judged(order, result)
                }
            case .close(let id):
                group.addTask { await RunClosing(workshop: self.workshop, id: id).run() }
            case .follow(let order):
                group.addTask {
                    let end = await FollowTask(data: self.workshop.data, order: order).run()
                    await self.followed(order, end)
                }
            }
        }
    }

    /// One look at the repository, and whatever follows from it.
    private func turn() async {
        await showWebhooks()
        let soon = monotonicSeconds() + workshop.configuration.pollSeconds
        guard workshop.clock() >= lookAgainAt else {
            lookDueAt = max(lookDueAt, soon)
            return
        }
        defer { lastTurn = workshop.clock() }
        let wasHinted = isHinted.withLock { hinted in
            defer { hinted = false }
            return hinted
        }
        if wasHinted { counts.hints += 1 }
        // Because a run that ended says nothing about the remote.
        let isDue = wasHinted || secondsToLook <= 0
        do {
            // Before the look, which may find that the mirror needs more.
            if isDue {
                lookDueAt = soon
                try await workshop.upstream.refresh()
            }
            try await load()
            try await recordPushes()
            let found = try await look()
            if isDue, lookDueAt > 0 { setPace(found: found, wasHinted: wasHinted) }
            try await reconcilePolicy()
            try await clear("repository")
            try await clear("notes")
            lookFailures = 0
            counts.turns += 1
        } catch {
            return await lookFailed(error)
        }
        await declareEnvironments()
        ringAlarms()
        await runSchedules()
        await followPrefixes()
        let due = dueModels()
        for model in due {
            if Task.isCancelled { return }
            dirty.remove(model)
            await reconcileSafely(model)
        }
        await startPreviews()
        await rememberScan()
        if !pushHints.isEmpty { wake() }
        if due.isEmpty || lastTurn == nil { rest() }
    }

    /// Gives back what the first turn, which reads everything, and answers since have freed.
    private func rest() {
        let now = workshop.clock()
        if let restedAt, now.seconds(since: restedAt) < restSecondsMin { return }
        returnFreedMemory()
        restedAt = now
    }

    /// Those that wait for room come first, in their order, so that no name starves another.
    private func dueModels() -> [ModelName] {
        let now = workshop.clock()
        let due = dirty.filter { (retryAt[$0] ?? now) <= now }
        let first = waitingForRoom.filter(due.contains)
        waitingForRoom.removeAll(where: due.contains)
        return first + due.subtracting(first).sorted()
    }

    private func lookFailed(_ error: any Error) async {
        if Task.isCancelled { return }
        counts.failedLooks += 1
        let failure = failure(of: error)
        lookFailures = min(lookFailures + 1, 10)
        let pause = workshop.configuration.pollSeconds * Double(1 << lookFailures)
        lookAgainAt = workshop.clock().advanced(bySeconds: min(pause, lookPauseSecondsMax))
        lookDueAt = monotonicSeconds() + min(pause, lookPauseSecondsMax)
        workshop.logger.error("\(failure.what)", metadata: ["where": "\(failure.place ?? "")"])
        await note(failure, error is NotesFailure ? "notes" : "repository")
    }

    /// One model's trouble never stops the others: it is shown and tried again later.
    func reconcileSafely(_ model: ModelName) async {
        do {
            try await reconcile(model)
            try await showRefusedTags(of: model)
            failures[model] = nil
            retryAt[model] = nil
            try await clear("model:\(model)")
        } catch {
            dirty.insert(model)
            // Because what a stop of the daemon interrupts has not failed.
            if Task.isCancelled { return }
            let count = min((failures[model] ?? 0) + 1, 10)
            failures[model] = count
            // Because a lost race for a ref is settled by looking again at once.
            if case GitError.conflict = error, count < 4 {
                lookDueAt = 0
                return wake()
            }
            let failure = failure(of: error)
            var delay = min(Double(1 << count), 300)
            if case .retry(let seconds) = failure.disposition { delay = max(delay, seconds) }
            retryAt[model] = workshop.clock().advanced(bySeconds: delay)
            counts.failedAttempts += 1
            workshop.logger.error("\(model): \(failure.what)")
            await note(failure, "model:\(model)")
        }
    }

    /// Follows the pure function until it has nothing more to do for the model now.
    private func reconcile(_ model: ModelName) async throws {
        for _ in 0..<1000 {
            let seen = try await observe(model)
            let action = nextAction(for: seen)
            let goesOn = try await perform(action, seen)
            try await saveStatus(model)
            if !goesOn { return }
        }
        throw Failure("\(model) makes no progress", hint: "this is a bug in Slipway; report it")
    }

    private func ended(_ id: RunID, _ end: RunEnd) {
        active.remove(id)
        let isWanted = running.remove(id) != nil
        dirty.formUnion(waitingForRoom)
        switch end {
        case .evaluated, .failed:
            if isWanted { finished[id] = end }
        case .cancelled, .stopped: break
        }
        dirty.insert(id.model)
        wake()
    }

    private func judged(_ order: GateOrder, _ result: Result<Judgement, Failure>) {
        judging.remove(order.model)
        // Because a gate that was interrupted has said nothing; it is asked again.
        if Task.isCancelled { return }
        judgements[order.model] = GateEnd(question: order.question, result: result)
        dirty.insert(order.model)
        wake()
    }
}
