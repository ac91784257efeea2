package import Domain

/// A virtual environment made from a requirements file, once, and kept.
///
/// Its folder is `<environments>/<digest of the requirements>-<Python version>`. It is built at
/// that path, because virtual environments cannot be moved; the file `.ok` in it says that it is
/// whole, and a lock beside it lets only one process build it.
package struct PythonEnvironment: Hashable, Sendable {
    package var folder: String
    package var interpreter: PythonInterpreter

    /// To be put first in `PATH`.
    package var binFolder: String { "\(folder)/bin" }
    /// What the requirements resolved to, as `pip freeze` says it.
    package var resolvedFile: String { "\(folder)/resolved.txt" }

    /// Returns the environment for these requirements, making it if there is none yet.
    ///
    /// A build that fails, or is cancelled, leaves nothing behind. Requirements that can never be
    /// met throw `HostError.requirements`, whatever else fails in pip `.pythonEnvironment`.
    /// - Parameters:
    ///   - digest: the SHA-256 of `requirements`.
    ///   - progress: gets each line that pip says.
    @concurrent
    package static func prepare(
        requirements: [UInt8], digest: Digest, in environments: String,
        deadlineSeconds: Double = 1800, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws(HostError) -> PythonEnvironment {
        let interpreter = try await PythonInterpreter.find()
        let folder = "\(environments)/\(digest.hex)-\(interpreter.version)"
        let environment = PythonEnvironment(folder: folder, interpreter: interpreter)
        if environment.isWhole { return environment }
        try makeFolder(environments)
        let lock = try await FileLock.take(
            "\(folder).lock", deadlineSeconds: deadlineSeconds)
        if environment.isWhole { return environment }
        try removeTree(folder)
        do throws(HostError) {
            try await environment.build(
                requirements, end: monotonicSeconds() + deadlineSeconds, progress)
        } catch {
            try removeTree(folder)
            throw error
        }
        _ = consume lock
        return environment
    }

    private var isWhole: Bool { exists("\(folder)/.ok") }

    private func build(
        _ requirements: [UInt8], end: Double, _ progress: @escaping @Sendable (String) -> Void
    ) async throws(HostError) {
        progress("making a virtual environment with Python \(interpreter.version)")
        try await step(
            "python3 -m venv", interpreter.path, ["-m", "venv", folder], end: end, progress)
        let file = "\(folder)/requirements.txt"
        try writeFileAtomically(file, requirements)
        let python = "\(binFolder)/python3"
        let pip = ["-m", "pip", "--disable-pip-version-check", "--no-input"]
        if namesPackages(requirements) {
            try await step(
                "pip install", python, pip + ["install", "-r", file], end: end,
                requirements: file, progress)
        }
        let frozen = try await step("pip freeze", python, pip + ["freeze"], end: end) { _ in }
        try writeFileAtomically(resolvedFile, frozen)
        try writeFileAtomically("\(folder)/.ok", Array("\(interpreter.version)\n".utf8))
    }

    /// `requirements` is the file that the step installs, whose place here is nobody's concern.
    @discardableResult
    private func step(
        _ name: String, _ executable: String, _ arguments: [String], end: Double,
        requirements: String? = nil, _ progress: @escaping @Sendable (String) -> Void
    ) async throws(HostError) -> [UInt8] {
        let result = try await ChildProcess.run(
            executable, arguments, workingFolder: parentFolder(folder), outputLimitBytes: 64 << 20,
            deadlineSeconds: max(1, end - monotonicSeconds()), line: progress)
        guard result.status.isSuccess else {
            if let requirements,
                let line = pipComplaint("\(result.outputText)\n\(result.errorText)")
            {
                throw HostError.requirements(
                    line.split(separator: requirements, omittingEmptySubsequences: false)
                        .joined(separator: "requirements.txt"))
            }
            let said = result.errorText.isEmpty ? result.outputText : result.errorText
            throw HostError.pythonEnvironment(step: name, log: lastLines(said, 12))
        }
        return result.output
    }

    /// Whether any line is more than a comment.
    private func namesPackages(_ requirements: [UInt8]) -> Bool {
        requirements.split(separator: UInt8(ascii: "\n")).contains { line in
            guard let first = line.first(where: { $0 > 32 }) else { return false }
            return first != UInt8(ascii: "#")
        }
    }
}
