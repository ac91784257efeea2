import Dispatch

/// Runs an actor's jobs one after the other on a queue of its own.
///
/// libgit2 blocks on files; on the shared pool a few such actors would delay everybody else.
final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "slipway.git")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
