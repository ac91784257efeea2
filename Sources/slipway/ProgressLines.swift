import Domain
import Host

/// Says how far runs are: in place on a terminal, otherwise a line for each step, and every two
/// seconds one for what it reports.
struct ProgressLines {
    private struct Said {
        var place: String
        var metric: String
        var at: Instant
    }

    private let isTerminal = Console.talksToTerminal
    private var said: [RunID: Said] = [:]
    private var isDrawn = false

    mutating func show(_ runs: [RunView]) async {
        let moment = now()
        guard isTerminal else {
            for run in runs where isNews(run, moment) {
                said[run.id] = Said(place: place(run), metric: metric(run), at: moment)
                await Console.say(text(run, moment))
            }
            return
        }
        guard isDrawn || !runs.isEmpty else { return }
        let width = environmentVariable("COLUMNS").flatMap { Int($0) } ?? 80
        let line = runs.map { text($0, moment) }.joined(separator: " | ")
        await Console.redraw(String(line.prefix(max(20, width - 1))))
        isDrawn = true
    }

    /// Leaves nothing in the line that was drawn.
    mutating func finish() async {
        if isDrawn { await Console.redraw("") }
        isDrawn = false
    }

    /// `digits/3  train  12 s  cv_accuracy 0.9861 (step 3)`
    private func text(_ run: RunView, _ moment: Instant) -> String {
        let step = step(run)
        let start = step?.startedAt ?? run.startedAt
        let stage = step?.name.text ?? run.stage
        let elapsed = duration(moment.seconds(since: start))
        let parts = ["\(run.id)", stage, elapsed, metric(run)]
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private func isNews(_ run: RunView, _ moment: Instant) -> Bool {
        guard let last = said[run.id], last.place == place(run) else { return true }
        return last.metric != metric(run) && moment.seconds(since: last.at) >= 2
    }

    private func place(_ run: RunView) -> String { "\(run.stage) \(step(run)?.name.text ?? "")" }

    private func step(_ run: RunView) -> StepView? { run.steps.last { $0.state == .running } }

    private func metric(_ run: RunView) -> String {
        guard let point = step(run)?.lastMetric else { return "" }
        return "\(point.name) \(short(point.value)) (step \(point.step))"
    }
}
