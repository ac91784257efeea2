package import Domain
import Git
import Journal
import Logging
import Planning
import Review

/// The loop: observe, decide, perform, record, for one model after the other.
///
/// Hints only wake it. Whatever takes long (runs, the gate) is started and its end is one more
/// reason to look again, so the loop itself never waits for a training.
package actor Reconciler {
    let workshop: Workshop
    let log: DecisionLog
    let scan: BranchScan
    /// The watched branch, as the repository's own `slipway.yaml` names it.
    var branch = "main"
    var records: [ModelName: ModelRecord] = [:]
    /// Commits that touched a model and are not decided; the last is the head.
    var touched: BranchScan.Touched = [:]
    /// The newest commit of each model that has a decision of its own.
    var decidedHeads: [ModelName: CommitID] = [:]
    var tags = ReviewTags()
    var running: [RunID: RunOrder] = [:]
    var finished: [RunID: RunEnd] = [:]
    /// Models whose gate is deciding.
    var judging: Set<ModelName> = []
    /// Work that was decided on and waits to be started by `run`.
    var orders: [Order] = []
    var dirty: Set<ModelName> = []
    var retryAt: [ModelName: Instant] = [:]
    var failures: [ModelName: Int] = [:]
    var authors: [AuthorsKey: [CommitPeople]] = [:]
    var isLoaded = false
    /// When a turn last came to its end; `/healthz` asks for it.
    package private(set) var lastTurn: Instant?

    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Something to do beside the loop.
    enum Order: Sendable {
        case run(RunOrder)
        case judge(GateOrder)
    }

    struct AuthorsKey: Hashable {
        var head: CommitID
        var base: CommitID?
        var model: ModelName
    }

    package init(_ workshop: Workshop) {
        self.workshop = workshop
        log = DecisionLog(workshop)
        scan = BranchScan(workshop.repository)
    }

    /// Asks for a turn soon; called as often as anybody likes.
    package nonisolated func wake() { wakes.continuation.yield() }

    /// Runs until the task is cancelled; runs under way are left to their supervisors.
    package func run() async {
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
                try await Task.sleep(for: .seconds(workshop.configuration.pollSeconds))
            } catch {
                break
            }
            wake()
        }
        wakes.continuation.finish()
    }

    /// Starts what the turn decided on; each end wakes the loop.
    private func start(_ group: inout DiscardingTaskGroup) {
        let now = orders
        orders = []
        for order in now {
            switch order {
            case .run(let order):
                group.addTask {
                    let end = await RunTask(self.workshop, order).run()
                    await self.ended(order.id, end)
                }
            case .judge(let order):
                group.addTask {
                    let judgement = await GateTask(self.workshop, order).run()
                    await self.judged(order, judgement)
                }
            }
        }
    }

    /// One look at the repository, and whatever follows from it.
    private func turn() async {
        do {
            try await workshop.upstream.refresh()
            try await load()
            try await look()
            try await workshop.journal.clearProblem("repository")
        } catch {
            if Task.isCancelled { return }
            let failure = failure(of: error)
            workshop.logger.error("\(failure.what)", metadata: ["where": "\(failure.place ?? "")"])
            await note(failure, "repository")
            return
        }
        let now = workshop.clock()
        let due = dirty.filter { (retryAt[$0] ?? now) <= now }
        for model in due.sorted() {
            if Task.isCancelled { return }
            dirty.remove(model)
            await reconcileSafely(model)
        }
        if dirty.isEmpty, let head = scan.head { await remember(head) }
        lastTurn = workshop.clock()
    }

    /// One model's trouble never stops the others: it is shown and tried again later.
    private func reconcileSafely(_ model: ModelName) async {
        do {
            try await reconcile(model)
            failures[model] = nil
            retryAt[model] = nil
            try await workshop.journal.clearProblem("model:\(model)")
        } catch {
            dirty.insert(model)
            let count = min((failures[model] ?? 0) + 1, 10)
            failures[model] = count
            // Because a lost race for a ref is settled by looking again at once.
            if case GitError.conflict = error, count < 4 { return wake() }
            let failure = failure(of: error)
            var delay = min(Double(1 << count), 300)
            if case .retry(let seconds) = failure.disposition { delay = max(delay, seconds) }
            retryAt[model] = workshop.clock().advanced(bySeconds: delay)
            workshop.logger.error("\(model): \(failure.what)")
            await note(failure, "model:\(model)")
        }
    }

    /// Follows the pure function until it has nothing more to do for the model now.
    private func reconcile(_ model: ModelName) async throws {
        for _ in 0..<64 {
            guard !judging.contains(model) else { return }
            let seen = try await observe(model)
            let action = nextAction(for: seen)
            let goesOn = try await perform(action, seen)
            try await saveStatus(model)
            if !goesOn { return }
        }
        throw Failure("\(model) makes no progress", hint: "this is a bug in Slipway; report it")
    }

    func note(_ failure: Failure, _ key: String) async {
        do {
            try await workshop.journal.setProblem(key, failure, at: workshop.clock())
        } catch {
            workshop.logger.critical("the journal cannot be written: \(error)")
        }
    }

    /// From here a later start need not scan again.
    private func remember(_ head: CommitID) async {
        do {
            guard try await workshop.journal.position("scanned") != head.hex else { return }
            try await workshop.journal.setPosition("scanned", head.hex)
        } catch {
            workshop.logger.critical("the journal cannot be written: \(error)")
        }
    }

    private func ended(_ id: RunID, _ end: RunEnd) {
        running[id] = nil
        if case .stopped = end { return }
        finished[id] = end
        dirty.insert(id.model)
        wake()
    }

    private func judged(_ order: GateOrder, _ result: Result<Judgement, Failure>) async {
        do {
            try await record(order, result)
        } catch {
            // Because the gate can simply be asked again on the next turn.
            workshop.logger.warning("\(order.model): \(error)")
        }
        judging.remove(order.model)
        dirty.insert(order.model)
        wake()
    }
}
