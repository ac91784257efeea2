package import Host

/// Why a job could not be submitted, watched or cancelled. How its command ended is no error.
package enum ComputeError: Error, Hashable, Sendable {
    /// This machine refused.
    case host(HostError)
    /// A file of the job's folder does not say what it should.
    case unreadable(path: String, problem: String)
    /// The job was never submitted.
    case absent(folder: String)
    /// The job's supervisor is gone and left no exit record.
    case lost(folder: String)
    /// The task that waited was cancelled; the job goes on.
    case stoppedWaiting(folder: String)
}
