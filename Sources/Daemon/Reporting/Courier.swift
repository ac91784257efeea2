import Domain
import Forges
import Journal
import Logging

/// Brings a channel what the outbox has for it, one letter after the other.
///
/// A letter is noted as sent after it was sent: a crash in between sends it again, under the same
/// id. What fails is tried again later, and given up after a bounded number of attempts.
actor Courier {
    private let sender: ChannelSender
    private let tools: ReportTools
    private let backoff: Backoff
    private var pausedUntil: Instant?
    /// Letters that were sent while the journal could not note it.
    private var sent: Set<Int64> = []
    private var isShown = true

    /// How many letters are read at once.
    private let lettersMax = 20
    /// How long the channel rests after a failure, so that its other letters do not all fail too.
    private let restSecondsMax = 60.0
    /// From so many attempts of one letter on, the failure is shown.
    private let attemptsUntilShown = 3

    init(_ channel: Channel, _ tools: ReportTools, backoff: Backoff = .letters) {
        sender = ChannelSender(channel, tools)
        self.tools = tools
        self.backoff = backoff
    }

    private var name: String { sender.channel.name }

    /// Works until the signal is raised, and then through what is waiting, or until the task is
    /// cancelled.
    func run(until stop: StopSignal) async {
        while !Task.isCancelled {
            let isLast = stop.isRaised
            await pass()
            if isLast { return }
            await stop.sleep(seconds: tools.pauseSeconds)
        }
    }

    /// Sends everything that is due.
    func pass() async {
        do {
            while !Task.isCancelled, !isPaused {
                let rows = try await tools.journal.dueOutbox(
                    of: name, at: tools.clock(), limit: lettersMax)
                if rows.isEmpty { return }
                for row in rows where !Task.isCancelled && !isPaused { try await send(row) }
            }
        } catch {
            tools.logger.critical("the outbox cannot be kept: \(error)")
            rest(seconds: 10)
        }
    }

    private var isPaused: Bool { pausedUntil.map { tools.clock() < $0 } ?? false }

    private func rest(seconds: Double) {
        pausedUntil = tools.clock().advanced(bySeconds: seconds)
    }

    private func send(_ row: OutboxRow) async throws(JournalError) {
        var result = Delivery.sent
        if !sent.contains(row.id) {
            do {
                result = await sender.send(try OutboxLetter(body: row.body))
            } catch {
                result = .refused(Failure("the letter cannot be read: \(error)"))
            }
        }
        switch result {
        case .sent: try await noteSent(row)
        case .interrupted: return
        case .refused(let failure): try await giveUp(row, failure)
        case .again(let failure, let wanted): try await putOff(row, failure, wanted)
        }
    }

    private func noteSent(_ row: OutboxRow) async throws(JournalError) {
        if sent.insert(row.id).inserted {
            tools.counts.addLetter(sent: true)
            if isShown { await tools.clear(problemKey(of: name)) }
            isShown = false
        }
        try await tools.journal.outboxSent(row.id)
        sent.remove(row.id)
    }

    private func giveUp(_ row: OutboxRow, _ failure: Failure) async throws(JournalError) {
        tools.counts.addLetter(sent: false)
        try await tools.journal.outboxFailed(row.id, failure.what, retryAt: nil)
        await show(
            Failure(
                "a letter to channel `\(name)` was given up: \(failure.what)", at: failure.place,
                hint: failure.hint, .stalled))
    }

    private func putOff(
        _ row: OutboxRow, _ failure: Failure, _ wanted: Double?
    ) async throws(JournalError) {
        let attempts = row.attempts + 1
        guard attempts < backoff.attemptsMax else { return try await giveUp(row, failure) }
        tools.counts.addLetter(sent: false)
        let pause = max(backoff.seconds(after: attempts, random: tools.random()), wanted ?? 0)
        try await tools.journal.outboxFailed(
            row.id, failure.what, retryAt: tools.clock().advanced(bySeconds: pause))
        rest(seconds: wanted ?? min(pause, restSecondsMax))
        guard attempts >= attemptsUntilShown else { return }
        await show(
            Failure(
                "channel `\(name)` cannot be told: \(failure.what)", at: failure.place,
                hint: failure.hint, .retry(afterSeconds: pause)))
    }

    private func show(_ failure: Failure) async {
        isShown = true
        await tools.note(failure, problemKey(of: name))
    }
}

/// Under which a channel's trouble is shown.
func problemKey(of channel: String) -> String { "channel:\(channel)" }
