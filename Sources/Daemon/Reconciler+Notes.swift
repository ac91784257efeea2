import Domain
import Journal
import Logging
import Planning

// What the loop writes into the journal for people and for its own next start.

extension Reconciler {
    /// What is done once, before the first turn.
    func begin() async {
        do {
            noted = Set(try await workshop.journal.problems().map(\.key))
        } catch {
            workshop.logger.critical("the journal cannot be read: \(error)")
        }
        leftovers = Set(RunFolder.unfinished(in: workshop.folder))
        await showTrust()
    }

    /// What is wrong in the files of trust; the lines that are right count.
    private func showTrust() async {
        let findings = workshop.trust.diagnostics
        do {
            guard let first = findings.first else { return try await clear("trust") }
            await note(
                Failure(
                    first.message, at: first.place.description,
                    hint: first.hint ?? "mend the line and restart the daemon",
                    details: findings),
                "trust")
        } catch {
            workshop.logger.critical("the journal cannot be written: \(error)")
        }
    }

    /// Which webhooks cannot work: their secrets are read anew all the time, so they are looked at
    /// again and again.
    func showWebhooks() async {
        let now = workshop.clock()
        if let last = webhooks.seenAt, now.seconds(since: last) < webhookSecondsMin { return }
        let failure = workshop.configuration.webhookFailure
        if webhooks.seenAt == nil || failure != webhooks.failure {
            guard let failure else {
                do {
                    try await clear("webhooks")
                } catch {
                    return workshop.logger.critical("the journal cannot be written: \(error)")
                }
                webhooks = (nil, now)
                return
            }
            workshop.logger.error(
                "\(failure.what)",
                metadata: ["where": "\(failure.place ?? "")", "hint": "\(failure.hint ?? "")"])
            await note(failure, "webhooks")
        }
        webhooks = (failure, now)
    }

    private var webhookSecondsMin: Double { 30 }

    func note(_ failure: Failure, _ key: String) async {
        noted.insert(key)
        do {
            try await workshop.journal.setProblem(key, failure, at: workshop.clock())
        } catch {
            workshop.logger.critical(
                "the journal cannot be written: \(error)", metadata: ["about": "\(failure.what)"])
        }
    }

    /// Takes a problem away that is mended; writes nothing when none was noted.
    func clear(_ key: String) async throws {
        guard noted.contains(key) else { return }
        try await workshop.journal.clearProblem(key)
        noted.remove(key)
    }

    /// From here a later start need not scan again, because every commit up to here has at least
    /// one decision in git.
    func rememberScan() async {
        guard let head = scan.head, revisited.isEmpty else { return }
        let isKnown = touched.allSatisfy { model, commits in
            commits.allSatisfy { records[model]?.outcomes[$0] != nil }
        }
        guard isKnown else { return }
        do {
            guard try await workshop.journal.position("scanned") != head.hex else { return }
            try await workshop.journal.setPosition("scanned", head.hex)
        } catch {
            workshop.logger.critical("the journal cannot be written: \(error)")
        }
    }

    /// Shows where the model stands; a view, made anew from the record each time.
    func saveStatus(_ model: ModelName) async throws {
        let isThere = scan.plan?.modelNames.contains(model) ?? false
        guard let record = records[model] ?? (isThere ? ModelRecord(model: model) : nil) else {
            return
        }
        // Because what only a preview has is no model of the branch.
        if headCommit(of: model) == nil, record.outcomes.isEmpty, !record.previews.isEmpty {
            return
        }
        let head = headCommit(of: model)
        var status = ModelStatus(
            record: record, head: head, approvalsNeeded: approvalsNeeded(model),
            waits: waits(of: model), suspended: suspension(of: model, record))
        if let judgement = head.flatMap({ record.judgements[$0] }) {
            status.diagnostics += DataWarnings.diagnostics(in: judgement)
        }
        try await workshop.journal.saveStatus(status)
    }
}
