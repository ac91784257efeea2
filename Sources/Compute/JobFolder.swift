import FoundationEssentials
import Host

/// The folder of one attempt at a command, and the names of the files in it.
///
/// `job.json` what to run; `lock` held while somebody supervises; `supervisor.json` who; `cancel`
/// exists once it shall stop; `log` what the command said; `exit.json` how it ended; `output/`
/// what it made; `tmp/` its temporary files. Every JSON file appears whole or not at all.
package struct JobFolder: Hashable, Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var logFile: String { "\(path)/log" }
    package var outputFolder: String { "\(path)/output" }
    /// For the command's temporary files.
    package var scratchFolder: String { "\(path)/tmp" }
    package var exitFile: String { "\(path)/exit.json" }
    var jobFile: String { "\(path)/job.json" }
    var lockFile: String { "\(path)/lock" }
    var supervisorFile: String { "\(path)/supervisor.json" }
    var cancelFile: String { "\(path)/cancel" }

    /// The variable by which processes of a job are found even when they left its group.
    static var mark: String { "SLIPWAY_JOB" }

    /// Makes the folder and the one for the output.
    package func make() throws(ComputeError) {
        try onHost { () throws(HostError) in
            try makeFolder(outputFolder)
            try makeFolder(scratchFolder)
        }
    }

    /// Writes a file that the command will read.
    package func write(_ name: String, _ bytes: [UInt8]) throws(ComputeError) {
        try onHost { () throws(HostError) in try replaceFile("\(path)/\(name)", bytes) }
    }

    /// How the job ended; nil while it has not.
    package func exitRecord() throws(ComputeError) -> ExitRecord? {
        try read(ExitRecord.self, exitFile)
    }

    func job() throws(ComputeError) -> Job? { try read(Job.self, jobFile) }

    func supervision() throws(ComputeError) -> Supervision? {
        try read(Supervision.self, supervisorFile)
    }

    /// Whether the job was asked to stop, or never to start.
    package var isCancelled: Bool { exists(cancelFile) }

    /// What a file in the folder holds from `offset` on; empty when it does not exist yet.
    package func bytes(of name: String, from offset: Int, limitBytes: Int) -> [UInt8] {
        // Because a file that is not there yet holds nothing yet.
        (try? readFile("\(path)/\(name)", from: offset, limitBytes: limitBytes)) ?? []
    }

    /// The last lines of the log, decoded lossily, at most 4 KiB of them.
    package func logTail(lines: Int) -> String {
        // Because a log that was never written has no last lines.
        let bytes = (try? readTail(logFile, limitBytes: 4096)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(lines)
            .joined(separator: "\n")
    }

    /// Which of these paths below the output folder do not exist.
    package func lacking(_ produces: [String]) -> [String] {
        produces.filter { !exists("\(outputFolder)/\($0)") }
    }

    func save(_ value: some Encodable, _ file: String) throws(ComputeError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes: [UInt8]
        do {
            bytes = Array(try encoder.encode(value))
        } catch {
            throw ComputeError.unreadable(path: file, problem: "\(error)")
        }
        // Because a crash of the machine ends the job as well, none of this waits for the disk.
        try onHost { () throws(HostError) in try replaceFile(file, bytes, mode: 0o600) }
    }

    private func read<Value: Decodable>(
        _ type: Value.Type, _ file: String
    ) throws(ComputeError) -> Value? {
        guard exists(file) else { return nil }
        let bytes = try onHost { () throws(HostError) in
            try readFile(file, limitBytes: 16 << 20)
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw ComputeError.unreadable(path: file, problem: "\(error)")
        }
    }
}

/// Returns the attempts below a folder, which are the folders named by numbers, least first.
package func attempts(in folder: String) -> [Int] {
    // Because a folder that is not there yet holds no attempts.
    ((try? namesIn(folder)) ?? []).compactMap { Int($0) }.filter { $0 > 0 }.sorted()
}

/// Returns the folders of all attempts in a run's folder, which holds a folder for each step.
package func attemptFolders(inRun folder: String) -> [JobFolder] {
    // Because a run that has not started holds no steps.
    ((try? namesIn(folder)) ?? []).flatMap { step in
        attempts(in: "\(folder)/\(step)").map { JobFolder("\(folder)/\(step)/\($0)") }
    }
}

/// Names this module's error for what the machine refused.
func onHost<Value: ~Copyable>(
    _ body: () throws(HostError) -> Value
) throws(ComputeError) -> Value {
    do throws(HostError) {
        return try body()
    } catch {
        throw ComputeError.host(error)
    }
}
