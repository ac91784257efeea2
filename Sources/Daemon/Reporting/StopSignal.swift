import Synchronization

/// Says to several tasks that it is time to end, and wakes those that sleep.
final class StopSignal: Sendable {
    private struct State {
        var isRaised = false
        var next = 0
        var sleepers: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    var isRaised: Bool { state.withLock(\.isRaised) }

    func raise() {
        let sleepers = state.withLock { state in
            state.isRaised = true
            defer { state.sleepers = [:] }
            return state.sleepers.values.map(\.self)
        }
        for sleeper in sleepers { sleeper.resume() }
    }

    /// Returns after so many seconds, or at once when the signal is raised or the task cancelled.
    func sleep(seconds: Double) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Because a sleep that is cut short is over like any other.
                try? await Task.sleep(for: .seconds(seconds))
            }
            group.addTask { await self.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns when the signal is raised or the task is cancelled.
    func wait() async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isRaised || Task.isCancelled { return true }
                    state.sleepers[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.resume()
        }
    }
}
