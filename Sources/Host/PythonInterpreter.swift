import Glibc
import Synchronization

/// A Python that can make virtual environments.
package struct PythonInterpreter: Hashable, Sendable {
    package var path: String
    /// `3.11.2`
    package var version: String

    /// Finds `python3` in `PATH`: a real interpreter before a script that stands for one.
    ///
    /// What it says about itself is remembered while the file stays the same.
    package static func find(deadlineSeconds: Double = 30) async throws(HostError) -> Self {
        let candidates = executables(named: "python3", environment: nil)
        guard !candidates.isEmpty else {
            throw HostError.pythonMissing("`python3` is not in PATH")
        }
        let ordered = candidates.filter(isProgram) + candidates.filter { !isProgram($0) }
        var firstError: HostError?
        for path in ordered {
            do throws(HostError) {
                return try await ask(path, deadlineSeconds: deadlineSeconds)
            } catch {
                firstError = firstError ?? error
            }
        }
        throw firstError ?? HostError.pythonMissing("no `python3` answered")
    }

    private static func ask(
        _ path: String, deadlineSeconds: Double
    ) async throws(HostError) -> Self {
        guard let stamp = FileStamp(path, followsLinks: true) else {
            throw HostError.file(operation: "look at", path: path, number: ENOENT)
        }
        let program = Program(path: path, stamp: stamp)
        if let known = remembered.withLock({ $0[program] }) { return known }
        let script = """
            import sys
            print("%d.%d.%d" % sys.version_info[:3])
            print(sys.executable)
            import venv, ensurepip
            """
        let result = try await ChildProcess.run(
            path, ["-c", script], outputLimitBytes: 65_536, deadlineSeconds: deadlineSeconds)
        let lines = result.outputText.split(separator: "\n").map(String.init)
        guard lines.count == 2 else {
            throw HostError.pythonMissing("\(path) does not run: \(lastLines(result.errorText, 1))")
        }
        guard result.status.isSuccess else {
            throw HostError.pythonMissing(
                "\(path) (\(lines[0])) cannot make virtual environments: "
                    + lastLines(result.errorText, 1))
        }
        let found = PythonInterpreter(path: lines[1], version: lines[0])
        remembered.withLock { $0[program] = found }
        return found
    }

    /// Whether the file starts as a program does, not as a script.
    private static func isProgram(_ path: String) -> Bool {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return false }
        let file = Descriptor(number)
        // Because a file that cannot be read is not one to prefer.
        guard let start = try? file.readSome(4) else { return false }
        return start == [0x7f, 0x45, 0x4c, 0x46]
    }
}

private struct Program: Hashable {
    var path: String
    var stamp: FileStamp
}

private let remembered = Mutex<[Program: PythonInterpreter]>([:])

/// Returns the last lines of a text that say something, at most 2000 bytes of them.
func lastLines(_ text: String, _ count: Int) -> String {
    let lines = text.split(separator: "\n").suffix(count).joined(separator: "\n")
    return String(decoding: lines.utf8.suffix(2000), as: UTF8.self)
}
