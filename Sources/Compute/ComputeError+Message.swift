package import Domain
import Host

extension ComputeError: CustomStringConvertible {
    /// One line of fact.
    package var description: String {
        switch self {
        case .host(let error): error.description
        case .unreadable(let path, let problem): "cannot understand \(path): \(problem)"
        case .absent(let folder): "no job was submitted in \(folder)"
        case .lost(let folder):
            "the job in \(folder) lost its supervisor before it ended: it was killed, or the "
                + "machine was restarted"
        case .stoppedWaiting(let folder): "stopped waiting for the job in \(folder)"
        }
    }

    /// The failure that a stage reports when nothing more is known about it.
    package var failure: Failure {
        switch self {
        case .host(let error): error.failure
        case .unreadable: Failure(description, hint: "remove that folder and try again")
        case .absent: Failure(description)
        case .lost, .stoppedWaiting: Failure(description, .retry(afterSeconds: 1))
        }
    }
}
