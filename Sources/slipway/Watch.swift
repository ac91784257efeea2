import Domain
import Host

/// Follows models while something happens, and says how far their runs are.
struct Watch: Sendable {
    /// Why waiting ended, and the last that was seen.
    struct Ending: Sendable {
        enum Reason: Sendable {
            case reached
            /// Another phase from which nothing leads to the one that was waited for.
            case otherwise
            case late
        }

        var reason: Reason
        var status: ModelStatus?
    }

    let client: APIClient
    let model: ModelName?
    private let pause = Duration.milliseconds(200)

    init(client: APIClient, model: ModelName?) {
        self.client = client
        self.model = model
    }

    /// Shows runs until none is under way for a moment: a push may only just have arrived.
    func untilIdle() async throws {
        var progress = ProgressLines()
        var idleSince = monotonicSeconds()
        while monotonicSeconds() - idleSince < 2.5 {
            let running = try await runsUnderWay()
            await progress.show(running)
            if !running.isEmpty { idleSince = monotonicSeconds() }
            try await Task.sleep(for: pause)
        }
        await progress.finish()
    }

    /// Waits until the model's head is `commit` (nil: any) and its phase one of these.
    ///
    /// A daemon that does not answer is asked again, because it may be starting.
    func wait(
        for phases: Set<ModelStatus.Phase>, at commit: CommitID?, seconds: Double
    ) async throws -> Ending {
        guard let model else { preconditionFailure("waiting needs a model") }
        let end = monotonicSeconds() + seconds
        var progress = ProgressLines()
        var last: ModelStatus?
        var trouble: Stop?
        while true {
            do throws(Stop) {
                let status = try await client.get(ModelStatus.self, "/api/v1/models/\(model)")
                (last, trouble) = (status, nil)
                if commit == nil || status.head == commit {
                    if phases.contains(status.phase) {
                        await progress.finish()
                        return Ending(reason: .reached, status: status)
                    }
                    if status.phase.isFinal {
                        await progress.finish()
                        return Ending(reason: .otherwise, status: status)
                    }
                }
                await progress.show(try await runsUnderWay())
            } catch {
                trouble = error
            }
            guard monotonicSeconds() < end else { break }
            try await Task.sleep(for: pause)
        }
        await progress.finish()
        if let trouble { throw trouble }
        return Ending(reason: .late, status: last)
    }

    private func runsUnderWay() async throws(Stop) -> [RunView] {
        let runs = try await client.get(
            [RunView].self, "/api/v1/runs", [("model", model?.text), ("limit", "50")])
        return runs.filter { $0.state == .running }.sorted { $0.id < $1.id }
    }
}

extension ModelStatus.Phase {
    /// Whether nothing more happens to the head commit by itself.
    fileprivate var isFinal: Bool {
        switch self {
        case .failed, .broken, .stopped, .rejected, .released, .removed: true
        case .running, .waiting, .new: false
        }
    }
}
