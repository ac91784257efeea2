package import Host

/// What a `git` child left behind when it ended by itself or by a signal.
package struct GitRunResult: Hashable, Sendable {
    package var status: ExitStatus
    package var output: [UInt8]
    package var errorText: String

    package init(status: ExitStatus, output: [UInt8], errorText: String) {
        self.status = status
        self.output = output
        self.errorText = errorText
    }
}

/// Runs `git` with these arguments and gives up after the deadline, having killed it.
///
/// It must not let git ask questions on a terminal, and should set `LC_ALL=C`. Throws
/// `GitError.timedOut` at the deadline.
package typealias GitRunner =
    @Sendable (_ arguments: [String], _ deadlineSeconds: Double) async throws -> GitRunResult

/// Returns a runner of the `git` on this machine.
///
/// `environment` is all that the child sees, beside what keeps git from asking questions; the
/// user's own, so that credentials, SSH configuration and proxies work as elsewhere.
package func gitRunner(
    environment: [String: String] = ownEnvironment(), executable: String = "git"
) -> GitRunner {
    var environment = environment
    environment["GIT_TERMINAL_PROMPT"] = "0"
    environment["LC_ALL"] = "C"
    // Because a variable left by a hook would lead git to another repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_QUARANTINE_PATH"] {
        environment[name] = nil
    }
    let settled = environment
    return { arguments, deadlineSeconds in
        do throws(HostError) {
            let result = try await ChildProcess.run(
                executable, arguments, environment: settled, outputLimitBytes: 64 << 20,
                deadlineSeconds: deadlineSeconds)
            return GitRunResult(
                status: result.status, output: result.output, errorText: result.errorText)
        } catch {
            if case .deadline(_, let seconds) = error {
                throw GitError.timedOut(seconds: seconds)
            }
            throw error
        }
    }
}
