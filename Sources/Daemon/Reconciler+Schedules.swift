import Domain
import Git
import Host
import Journal
import Logging
import Planning

// Trainings that the calendar asks for become commits of the bot, judged like anybody's.

extension Reconciler {
    /// Commits what is due on the watched branch, for one model after the other.
    func runSchedules() async {
        guard let head = scan.head, let plan = scan.plan, !plan.repositoryIsBroken else { return }
        await forgetSchedules(except: plan.schedules)
        for (model, schedule) in plan.schedules.sorted(by: { $0.key < $1.key }) {
            guard !Task.isCancelled, let planned = plan.models[model] else { return }
            let key = Self.scheduleKey + model.text
            do {
                let book = ScheduleBook(workshop: workshop, model: model, schedule: schedule)
                let record = records[model] ?? ModelRecord(model: model)
                let isResting = suspension(of: model, record) != nil
                if !isResting, let due = try await book.due(planned.declaration, at: head) {
                    let new = try await book.commit(
                        due, planned.declaration, on: head, branch: branch)
                    botPushed(new, on: head, branch: branch)
                    // Because the branch has moved on: the next turn sees the others.
                    wake()
                    return
                }
                try await clear(key)
            } catch {
                if Task.isCancelled { return }
                await note(failure(of: error), key)
            }
        }
    }
    private static let scheduleKey = "schedule:"

    /// Takes the problems away of models that have no schedule any more.
    private func forgetSchedules(except schedules: [ModelName: ScheduleDeclaration]) async {
        let kept = Set(schedules.keys.map { Self.scheduleKey + $0.text })
        for key in noted where key.hasPrefix(Self.scheduleKey) && !kept.contains(key) {
            do {
                try await clear(key)
            } catch {
                workshop.logger.warning("\(failure(of: error).what)")
            }
        }
    }
}

/// When a model was trained last because the calendar said so, and when it is next.
private struct ScheduleBook {
    let workshop: Workshop
    let model: ModelName
    let schedule: ScheduleDeclaration

    /// The file in the model's folder that makes each scheduled training a candidate of its own.
    private static let fileName = ".scheduled"
    /// A moment that passed longer ago was missed.
    private static let lateSecondsMax = 300.0
    private static let zones = "/usr/share/zoneinfo"

    /// The moment that is to be committed now; nil: none.
    func due(_ declaration: ModelDeclaration, at head: CommitID) async throws -> Instant? {
        let cron: CronExpression
        do {
            cron = try CronExpression(schedule.cron)
        } catch {
            // Because Planning has read the same words.
            preconditionFailure("\(model): \(error)")
        }
        let zone = try zoneRules()
        let now = workshop.clock()
        let last = try await last(declaration, at: head)
        guard let first = cron.next(after: last, in: zone), first <= now else { return nil }
        let latest = latest(of: cron, in: zone, from: first, upTo: now)
        if schedule.catchUp == .skip, now.seconds(since: latest) > Self.lateSecondsMax {
            return nil
        }
        return latest
    }

    /// Writes the moment into the model's folder, in a commit that says so.
    func commit(
        _ due: Instant, _ declaration: ModelDeclaration, on head: CommitID, branch: String
    ) async throws -> CommitID {
        let bot = workshop.bot()
        let written = try await workshop.repository.writeCommit(
            parents: [head], base: head,
            changes: [
                FileChange(
                    path: "\(declaration.folder)/\(Self.fileName)",
                    content: .bytes(Array("\(due)\n".utf8)))
            ],
            message: """
                \(model): trained again, as its schedule says

                Model: \(model)
                Scheduled-For: \(due)
                """, author: bot, committer: bot)
        let new = try await workshop.signed(written)
        try await workshop.upstream.publish([
            RefUpdate(name: "refs/heads/\(branch)", expected: head, new: new)
        ])
        workshop.logger.info("\(model): scheduled for \(due), committed as \(new.short)")
        return new
    }

    /// The last moment that was committed; before the first, when the schedule was first seen.
    private func last(_ declaration: ModelDeclaration, at head: CommitID) async throws -> Instant {
        let path = "\(declaration.folder)/\(Self.fileName)"
        if let bytes = try await workshop.repository.blob(at: head, path),
            let line = bytes.split(separator: UInt8(ascii: "\n")).first,
            let moment = utcInstant(String(decoding: line, as: UTF8.self))
        {
            return moment
        }
        let key = "schedule:\(model):\(schedule.cron):\(schedule.timeZone)"
        if let text = try await workshop.journal.position(key), let value = Int64(text) {
            return Instant(milliseconds: value)
        }
        let now = workshop.clock()
        try await workshop.journal.setPosition(key, "\(now.milliseconds)")
        return now
    }

    /// The last moment that is not after `now`, looked for from near to far.
    private func latest(
        of cron: CronExpression, in zone: ZoneRules, from first: Instant, upTo now: Instant
    ) -> Instant {
        var found = first
        for hours: Double in [1, 24, 24 * 32, 24 * 366] {
            let start = max(first, now.advanced(bySeconds: -hours * 3600))
            guard var next = cron.next(after: start, in: zone), next <= now else { continue }
            found = next
            while let later = cron.next(after: next, in: zone), later <= now {
                (found, next) = (later, later)
            }
            return found
        }
        return found
    }

    private func zoneRules() throws -> ZoneRules {
        if schedule.timeZone == "UTC" { return .utc }
        let path = "\(Self.zones)/\(schedule.timeZone)"
        guard exists(path),
            let rules = ZoneRules(tzif: try readFile(path, limitBytes: 1 << 20))
        else {
            throw Failure(
                "\(model): the time zone `\(schedule.timeZone)` is not known here", at: path,
                hint: "apt-get install tzdata; or mend `schedule_zone`",
                .wait(for: "a commit, or the zone database"))
        }
        return rules
    }
}
