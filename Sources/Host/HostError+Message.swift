package import Domain
import Glibc

extension HostError: CustomStringConvertible {
    /// One line of fact.
    package var description: String {
        switch self {
        case .file(let operation, let path, let number):
            "cannot \(operation) \(path): \(systemMessage(number))"
        case .fileTooLarge(let path, let limitBytes):
            "\(path) holds more than \(limitBytes) bytes"
        case .executableNotFound(let name):
            "the program `\(name)` does not exist or is not in PATH"
        case .couldNotStart(let executable, let number):
            "cannot start \(executable): \(systemMessage(number))"
        case .workingFolder(let path, let number):
            "cannot run in the folder \(path): \(systemMessage(number))"
        case .outputLimit(let executable, let limitBytes):
            "\(executable) wrote more than \(limitBytes) bytes and was killed"
        case .deadline(let executable, let seconds):
            "\(executable) did not end within \(seconds) s and was killed"
        case .cancelled(let executable):
            "\(executable) was killed because its caller was cancelled"
        case .lockHeld(let path, let seconds):
            "another process holds \(path) for longer than \(seconds) s"
        case .socket(let operation, let path, let number):
            "cannot \(operation) the socket \(path): \(systemMessage(number))"
        case .socketDeadline(let path, let seconds):
            "no answer from the socket \(path) within \(seconds) s"
        case .pythonMissing(let what):
            "no usable Python: \(what)"
        case .pythonEnvironment(let step, let log):
            "\(step) failed: \(log)"
        case .requirements(let line):
            "pip cannot install the requirements: \(line)"
        }
    }

    /// What a person does about it, where there is something to paste.
    package var hint: String? {
        switch self {
        case .executableNotFound(let name): "install `\(name)` or correct the command"
        case .pythonMissing: "apt-get install python3 python3-venv"
        case .pythonEnvironment: "correct the requirements file, or try `pip install -r` by hand"
        case .requirements:
            "correct the requirements file, try it with `pip install -r` in a new environment, "
                + "commit and push"
        case .file(_, _, ENOSPC): "free some space on this disk"
        case .file(_, _, EACCES): "give the user that runs slipway access to it"
        case .file, .fileTooLarge, .couldNotStart, .workingFolder, .outputLimit, .deadline,
            .cancelled, .lockHeld, .socket, .socketDeadline:
            nil
        }
    }

    /// The failure that a stage reports when nothing more is known about it.
    package var failure: Failure {
        Failure(description, hint: hint, disposition)
    }

    private var disposition: Failure.Disposition {
        switch self {
        case .file, .deadline, .cancelled, .lockHeld, .socket, .socketDeadline, .couldNotStart:
            .retry(afterSeconds: 10)
        case .pythonEnvironment: .retry(afterSeconds: 60)
        case .requirements: .wait(for: "a commit that changes the requirements file")
        case .fileTooLarge, .executableNotFound, .workingFolder, .outputLimit, .pythonMissing:
            .stalled
        }
    }
}

/// Returns the system's sentence for an `errno`.
package func systemMessage(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
}
