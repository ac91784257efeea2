import Host
import Synchronization

/// Asks a transfer on another thread to end.
final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isRaised: Bool { flag.load(ordering: .relaxed) }

    func raise() { flag.store(true, ordering: .relaxed) }
}

/// Runs work that blocks on threads of its own, a bounded number at once; the rest waits in turn.
///
/// A wait ends because everything that runs here has a deadline, or with the waiting task.
final class Lanes: Sendable {
    private enum Admission { case granted, cancelled, refused }

    private struct Waiting {
        let number: Int
        let continuation: CheckedContinuation<Admission, Never>
    }

    private struct State {
        var free: Int
        var next = 0
        var waiting: [Waiting] = []
    }

    private let state: Mutex<State>
    private let waitingMax: Int

    init(atOnce: Int, waitingMax: Int) {
        precondition(atOnce > 0 && waitingMax >= 0, "lanes for nobody")
        state = Mutex(State(free: atOnce))
        self.waitingMax = waitingMax
    }

    /// How many wait for their turn now.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Runs `work` when a lane is free; raises its flag when the task is cancelled.
    func run<Value: Sendable>(
        to server: String,
        _ work: @escaping @Sendable (StopFlag) throws(TransferError) -> Value
    ) async throws(TransferError) -> Value {
        switch await enter() {
        case .granted: break
        case .cancelled: throw .cancelled(server: server)
        case .refused: throw .tooManyWaiting(limit: waitingMax)
        }
        defer { leave() }
        let stop = StopFlag()
        let result: Result<Value, TransferError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onNewThread {
                    do throws(TransferError) {
                        continuation.resume(returning: .success(try work(stop)))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            }
        } onCancel: {
            stop.raise()
        }
        return try result.get()
    }

    private func enter() async -> Admission {
        if Task.isCancelled { return .cancelled }
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Admission? in
                    // Because whoever was cancelled before it stood in the row is not found there.
                    if Task.isCancelled { return .cancelled }
                    if state.free > 0 {
                        state.free -= 1
                        return .granted
                    }
                    if state.waiting.count >= waitingMax { return .refused }
                    state.waiting.append(Waiting(number: number, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let found = state.withLock { state -> Waiting? in
                let index = state.waiting.firstIndex { $0.number == number }
                return index.map { state.waiting.remove(at: $0) }
            }
            found?.continuation.resume(returning: .cancelled)
        }
    }

    private func leave() {
        let first = state.withLock { state -> Waiting? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        first?.continuation.resume(returning: .granted)
    }
}
