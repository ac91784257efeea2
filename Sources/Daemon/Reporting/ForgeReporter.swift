package import Domain
import Forges
import FoundationEssentials
package import Git
import Journal
import Logging
import Planning
import Provenance

/// Where the records are that a forge is told of.
package struct ReportSources: Sendable {
    package var records: @Sendable () async -> [ModelName: ModelRecord]
    package var approvalsNeeded: @Sendable (ModelName) async -> Int?
    /// What a release needs besides a number of approvals of this evidence, a phrase each.
    package var lacking: @Sendable (ModelName, EvidenceID) async -> [String]
    package var link: @Sendable (ModelName) -> String?
    /// Where the commits are; nil: what changed between two of them is not known.
    package var repository: Repository?

    package init(
        records: @escaping @Sendable () async -> [ModelName: ModelRecord],
        approvalsNeeded: @escaping @Sendable (ModelName) async -> Int? = { _ in nil },
        lacking: @escaping @Sendable (ModelName, EvidenceID) async -> [String] = { _, _ in [] },
        link: @escaping @Sendable (ModelName) -> String? = { _ in nil },
        repository: Repository? = nil
    ) {
        self.records = records
        self.approvalsNeeded = approvalsNeeded
        self.lacking = lacking
        self.link = link
        self.repository = repository
    }
}

/// Keeps what a forge shows equal to what the records say.
///
/// Nothing is queued: what is wanted follows from the records at the moment of sending, so that a
/// state that was passed meanwhile is never sent, and one that is void is flipped. What was sent
/// counts once a reading showed it; until then it is sent again.
actor ForgeReporter {
    let tools: ReportTools
    let sources: ReportSources
    let instance: InstanceName
    let hasComments: Bool
    let line: ForgeLine
    private var budget: CallBudget
    var window = SubjectWindow()
    var ledger: StatusLedger
    /// What the forge does not show yet.
    var pending: [CommitStatus.Key: CommitStatus] = [:]
    /// Tries of what the forge did not take.
    var tries: [CommitStatus.Key: Tries] = [:]
    /// Commits whose comment may have to change.
    var unsaid: Set<Subject> = []
    var comments = CommentLedger()
    /// What was found out about commits for comments.
    var pairs: [Pair: Comparison.Plans] = [:]
    /// Only while there is something to say, because it holds a whole repository's plan.
    var planner: Planner?
    /// Whose token it is; nil: not known, as it is with tokens of apps.
    var account: String?
    var hasAskedAccount = false
    /// Models something was decided about, and the sequence up to which.
    private var dirty: [ModelName: Int] = [:]
    private var lastSeen = 0
    private var isLoaded = false
    private var pausedUntil: Instant?
    private var pauses = 0
    private var refusals = 0
    private var isShown = true

    /// How many decisions back a start looks.
    private let decisionsMax = 4000
    /// How many of a model's newest commits may have a comment that changes.
    private let commentedMax = 20
    private let refusalsUntilPause = 5
    private let pausesUntilShown = 2

    /// A model at a commit.
    struct Subject: Hashable, Sendable {
        var model: ModelName
        var commit: CommitID
    }

    struct Tries: Hashable, Sendable {
        /// For which state; another starts anew.
        var state: CommitStatus.State
        var count: Int
        /// nil: the forge refused it so often that it is left alone.
        var next: Instant?
    }

    init(
        _ reporting: Reporting, _ target: Reporting.Target, _ tools: ReportTools,
        _ sources: ReportSources
    ) {
        self.tools = tools
        self.sources = sources
        instance = reporting.instance
        hasComments = target.hasComments
        line = ForgeLine(target, tools)
        budget = CallBudget(perMinute: tools.callsPerMinute)
        ledger = StatusLedger(kind: target.forge.kind)
    }

    /// The forge's name in the journal.
    var name: String { "\(line.forge.kind.rawValue) \(line.forge.apiURL) \(line.forge.project)" }

    /// Works until the signal is raised, and then through what can be sent at once.
    func run(until stop: StopSignal) async {
        while !Task.isCancelled {
            let isLast = stop.isRaised
            await pass()
            if isLast { return }
            await stop.sleep(seconds: tools.pauseSeconds)
        }
    }

    /// Tells the forge what it does not show, as far as it lets us.
    func pass() async {
        if let pausedUntil, tools.clock() < pausedUntil { return }
        defer { planner = nil }
        do {
            try await load()
            while !Task.isCancelled {
                try await look()
                if try await sendNext() { continue }
                guard hasComments, try await sayNext() else { break }
            }
            try await shrink()
        } catch let error as CallError {
            await pause(error)
        } catch {
            if Task.isCancelled { return }
            tools.logger.critical("reporting to the forge stopped: \(failure(of: error).what)")
            pausedUntil = tools.clock().advanced(bySeconds: 30)
        }
    }

    private func load() async throws {
        guard !isLoaded else { return }
        for row in try await tools.journal.ledger(of: name) {
            if row.context.hasPrefix(CommentLedger.prefix) {
                comments.take(row)
            } else if let status = try? JSONDecoder().decode(
                CommitStatus.self, from: Data(row.value.utf8))
            {
                // Because a row that cannot be read is as good as none: the status is sent again.
                ledger.confirm(status)
            }
        }
        lastSeen = max(0, try await tools.journal.lastSequence() - decisionsMax)
        isLoaded = true
    }

    /// Takes up what was decided since, and finds out what the forge must be told.
    private func look() async throws {
        while true {
            let decided = try await tools.journal.decidedCommits(after: lastSeen, limit: 1000)
            guard let last = decided.last else { break }
            for entry in decided where entry.model != .policy {
                window.add(entry)
                dirty[entry.model] = entry.sequence
            }
            lastSeen = last.sequence
        }
        guard !dirty.isEmpty else { return }
        let records = await sources.records()
        // Because the journal may know of a decision a moment before the record has it.
        let known = dirty.filter { (records[$0.key]?.lastSequence ?? 0) >= $0.value }
        var wanted: [CommitStatus] = []
        for model in known.keys.sorted() {
            guard let record = records[model] else { continue }
            wanted += try await statuses(of: record)
            dirty[model] = nil
        }
        guard !known.isEmpty else { return }
        pending = pending.filter { known[$0.value.model] == nil }
        for status in ledger.missing(from: wanted) { pending[status.key] = status }
        tries = tries.filter { pending[$0.key]?.state == $0.value.state }
    }

    private func statuses(of record: ModelRecord) async throws -> [CommitStatus] {
        let model = record.model
        // Because a hold changes what an older release looks like.
        for assignment in record.assignments.suffix(10) {
            window.touch(assignment.commit, of: model, at: record.lastSequence, isOld: true)
        }
        let needed = await sources.approvalsNeeded(model)
        var found: [CommitStatus] = []
        for commit in window.commits(of: model) {
            let link = sources.link(model)
            if record.outcomes[commit] == nil, let preview = record.previews[commit] {
                found += try await previewStatuses(of: commit, preview, model, link)
            } else {
                found += Forges.statuses(
                    of: commit, in: record, instance: instance, approvalsNeeded: needed,
                    targetURL: link)
            }
        }
        if hasComments {
            for commit in window.commits(of: model).prefix(commentedMax) {
                unsaid.insert(Subject(model: model, commit: commit))
            }
        }
        return found
    }

    private func previewStatuses(
        of commit: CommitID, _ state: ModelRecord.PreviewState, _ model: ModelName, _ link: String?
    ) async throws -> [CommitStatus] {
        let records = try await tools.journal.decisions(of: model, about: commit)
        return PreviewStages(
            commit: commit, model: model, run: state.run, instance: instance, targetURL: link
        ).statuses(records)
    }

    /// Forgets what is about commits that are watched no more.
    private func shrink() async throws {
        let gone = window.shrink(needed: Set(pending.keys.map(\.commit)))
        guard !gone.isEmpty else { return }
        let left = Set(window.models.flatMap { window.commits(of: $0) })
        ledger.keep(only: left)
        comments.keep(only: left)
        unsaid = unsaid.filter { left.contains($0.commit) }
        try await tools.journal.forgetLedger(about: Set(gone.map(\.hex)), of: name)
    }

    // MARK: Calls and pauses

    /// Makes a call, if there is one left, and returns what it brought.
    @discardableResult
    func call(
        _ request: ForgeRequest, stopsAt403: Bool = true
    ) async throws(CallError) -> ForgeLine.Answer {
        guard budget.take(at: tools.clock()) else { throw .spent }
        let answer = try await line.call(request, stopsAt403: stopsAt403)
        (pauses, refusals) = (0, 0)
        if isShown { await tools.clear("forge") }
        isShown = false
        if let seconds = answer.restSeconds { rest(seconds) }
        return answer
    }

    private func rest(_ seconds: Double) {
        pausedUntil = tools.clock().advanced(bySeconds: seconds)
    }

    var isResting: Bool { pausedUntil.map { tools.clock() < $0 } ?? false }

    /// The forge would not take something; when it takes nothing, it is left in peace.
    func refused(_ refusal: ForgeRefusal) throws(CallError) {
        tools.counts.addFailedCall()
        tools.logger.warning("\(refusal.reason)", metadata: ["hint": "\(refusal.hint)"])
        refusals += 1
        guard refusals >= refusalsUntilPause else { return }
        var failure = refusal.failure
        failure.place = line.forge.apiURL
        throw .pause(failure, afterSeconds: nil)
    }

    private func pause(_ error: CallError) async {
        guard case .pause(let failure, let wanted) = error else { return }
        tools.counts.addFailedCall()
        pauses += 1
        let backoff = Backoff.forge.seconds(after: pauses, random: tools.random())
        rest(max(backoff, wanted ?? 0))
        guard pauses >= pausesUntilShown || failure.disposition == .stalled else { return }
        isShown = true
        await tools.note(failure, "forge")
    }
}
