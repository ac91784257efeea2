/// What this machine refused to do.
package enum HostError: Error, Hashable, Sendable {
    /// A file operation failed with this `errno`.
    case file(operation: String, path: String, number: Int32)
    /// The file holds more than the caller wants to read.
    case fileTooLarge(path: String, limitBytes: Int)
    /// No such program, neither as a path nor in `PATH`.
    case executableNotFound(String)
    /// The program exists but could not be started.
    case couldNotStart(executable: String, number: Int32)
    /// The folder in which a program should run cannot be entered.
    case workingFolder(path: String, number: Int32)
    /// The program wrote more than the caller wants to hold; it was killed.
    case outputLimit(executable: String, limitBytes: Int)
    /// The program did not end in time; it was killed.
    case deadline(executable: String, seconds: Double)
    /// The task was cancelled and the program killed.
    case cancelled(executable: String)
    /// Another process holds the lock.
    case lockHeld(path: String, seconds: Double)
    /// A socket operation failed with this `errno`.
    case socket(operation: String, path: String, number: Int32)
    /// The other side did not answer in time.
    case socketDeadline(path: String, seconds: Double)
    /// There is no usable Python; the text says what is missing.
    case pythonMissing(String)
    /// Making the Python environment failed; the last lines of the log.
    case pythonEnvironment(step: String, log: String)
    /// No environment will ever meet these requirements; the line in which pip says so.
    case requirements(String)
}
