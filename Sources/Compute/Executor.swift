/// Where jobs run. The job's folder is its identity: all calls about it name that folder.
package protocol Executor: Sendable {
    /// Starts the job; a job that runs or has ended is left as it is.
    func submit(_ job: Job) async throws(ComputeError)
    /// Where the job stands now.
    func status(of folder: JobFolder) async throws(ComputeError) -> JobStatus
    /// Waits for the job's end. Cancelling the waiting task leaves the job running.
    func wait(for folder: JobFolder) async throws(ComputeError) -> ExitRecord
    /// Asks the job to stop; one that has not started never will.
    func cancel(_ folder: JobFolder) async throws(ComputeError)
}
