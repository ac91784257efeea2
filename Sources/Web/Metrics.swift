import Domain
import Journal

/// Gathers what `/metrics` shows.
struct Metrics {
    let journal: Journal
    let sources: WebSources
    let webhooks: WebhookDesk

    func text() async throws -> String {
        var page = MetricsText()
        addProcess(await sources.process(), to: &page)
        try await addJournal(to: &page)
        addLive(await sources.live(), to: &page)
        page.add(
            "slipway_webhooks_total", .counter, "Requests to webhooks, by what became of them.",
            webhooks.counts.map {
                MetricsText.Sample(
                    [("webhook", $0.name), ("result", $0.outcome.rawValue)], Double($0.count))
            })
        for (name, value) in await sources.counters().sorted(by: { $0.key < $1.key })
        where MetricsText.isName(name) {
            page.add(
                name, name.hasSuffix("_total") ? .counter : .gauge,
                "Counted by the daemon since it started.", [MetricsText.Sample([], value)])
        }
        return page.text
    }

    private func addProcess(_ figures: WebSources.ProcessFigures?, to page: inout MetricsText) {
        guard let figures else { return }
        page.add(
            "process_resident_memory_bytes", .gauge, "Resident memory of the daemon.",
            [MetricsText.Sample([], Double(figures.residentBytes))])
        page.add(
            "process_cpu_seconds_total", .counter, "Processor time of the daemon.",
            [MetricsText.Sample([], figures.cpuSeconds)])
        page.add(
            "process_start_time_seconds", .gauge, "When the daemon started, since 1970.",
            [MetricsText.Sample([], Double(figures.startedAt.milliseconds) / 1000)])
    }

    private func addJournal(to page: inout MetricsText) async throws {
        let runs = try await journal.runCounts()
        let ended: [RunView.State] = [.cancelled, .evaluated, .failed]
        page.add(
            "slipway_runs_total", .counter, "Runs that ended, by how.",
            ended.map { state in
                MetricsText.Sample([("state", state.rawValue)], Double(runs[state] ?? 0))
            })
        page.add(
            "slipway_runs_running", .gauge, "Runs under way.",
            [MetricsText.Sample([], Double(runs[.running] ?? 0))])
        var phases: [String: Int] = [:]
        for status in try await journal.statuses() {
            phases[status.phase.rawValue, default: 0] += 1
        }
        page.add(
            "slipway_models", .gauge, "Models, by where their head commit stands.",
            phases.sorted { $0.key < $1.key }.map {
                MetricsText.Sample([("phase", $0.key)], Double($0.value))
            })
        page.add(
            "slipway_decisions_total", .counter, "Decisions in the notes.",
            [MetricsText.Sample([], Double(try await journal.decisionCount()))])
        page.add(
            "slipway_problems", .gauge, "Problems outside any one model.",
            [MetricsText.Sample([], Double(try await journal.problems().count))])
    }

    private func addLive(_ live: [EnvironmentName: LiveView], to page: inout MetricsText) {
        let environments = live.sorted { $0.key < $1.key }
        page.add(
            "slipway_environment_up", .gauge, "Whether the environment answered.",
            environments.map { name, view in
                MetricsText.Sample(
                    [("environment", name.text)], view.problem == nil ? 1 : 0)
            })
        var infos: [MetricsText.Sample] = []
        var requests: [MetricsText.Sample] = []
        var failed: [MetricsText.Sample] = []
        for (name, view) in environments {
            for model in view.models.sorted(by: { $0.model < $1.model }) {
                let labels = [("model", model.model.text), ("environment", name.text)]
                    .map { (name: $0.0, value: $0.1) }
                requests.append(MetricsText.Sample(labels, Double(model.requests)))
                failed.append(MetricsText.Sample(labels, Double(model.failedRequests)))
                guard let version = model.version else { continue }
                infos.append(
                    MetricsText.Sample(labels + [("version", version.description)], 1))
            }
        }
        page.add("slipway_live_info", .gauge, "The version that answers traffic.", infos)
        page.add("slipway_live_requests_total", .counter, "Predictions answered.", requests)
        page.add(
            "slipway_live_failed_requests_total", .counter,
            "Predictions answered with 5xx or not at all.", failed)
    }
}
