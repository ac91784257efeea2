import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

/// A temporary folder in which the program and git are called as a user would.
struct Desk: Sendable {
    let folder: String
    private let program: String
    private let environment: [String: String]

    /// Calls `body` with a fresh folder, which is gone afterwards.
    static func use(_ body: (Desk) async throws -> Void) async throws {
        let parent = try canonicalPath(environmentVariable("TMPDIR") ?? "/tmp")
        let desk = try Desk(folder: temporaryFolder(in: parent, prefix: "slipway-desk"))
        do {
            try makeFolder("\(desk.folder)/home")
            try await body(desk)
        } catch {
            try removeTree(desk.folder)
            throw error
        }
        try removeTree(desk.folder)
    }

    private init(folder: String) throws {
        self.folder = folder
        program = try builtProgram()
        environment = [
            "PATH": environmentVariable("PATH") ?? "/usr/bin:/bin", "HOME": "\(folder)/home",
            "SLIPWAY_STATE": "\(folder)/state", "SLIPWAY_SHARE": repositoryRoot, "COLUMNS": "80",
            "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": folder,
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
        ]
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Calls the program in a folder below the desk.
    @discardableResult
    func slipway(
        _ arguments: String..., in place: String = ".", input: String = ""
    ) async throws -> Transcript {
        try await slipway(arguments, in: place, input: input)
    }

    /// - Parameter variables: of the environment, beside those of the desk.
    func slipway(
        _ arguments: [String], in place: String = ".", input: String = "",
        with variables: [String: String] = [:]
    ) async throws -> Transcript {
        let result = try await ChildProcess.run(
            program, arguments, environment: environment.merging(variables) { $1 },
            workingFolder: path(place),
            input: Array(input.utf8), outputLimitBytes: 4 << 20, deadlineSeconds: patienceSeconds)
        return transcript((["slipway"] + arguments).joined(separator: " "), result)
    }

    /// Runs git in a folder below the desk; whether it succeeds is in the transcript.
    @discardableResult
    func git(
        _ arguments: String..., in place: String = ".", input: String = ""
    ) async throws -> Transcript {
        let result = try await ChildProcess.run(
            "git", arguments, environment: environment, workingFolder: path(place),
            input: Array(input.utf8), outputLimitBytes: 4 << 20, deadlineSeconds: patienceSeconds)
        return transcript((["git"] + arguments).joined(separator: " "), result)
    }

    /// Writes a file below the desk, with its folders.
    func write(_ name: String, _ text: String, mode: UInt32 = 0o644) throws {
        try makeFolder(parentFolder(path(name)))
        try replaceFile(path(name), Array(text.utf8), mode: mode)
    }

    func text(_ name: String) throws -> String {
        String(decoding: try readFile(path(name), limitBytes: 1 << 20), as: UTF8.self)
    }

    private func transcript(_ command: String, _ result: ChildResult) -> Transcript {
        let code: Int32 =
            switch result.status {
            case .exited(let code): code
            case .signalled(let signal): -signal
            }
        return Transcript(
            command: settled(command), output: settled(result.outputText),
            errors: settled(result.errorText), code: code)
    }

    /// The text without what differs from one run to the next: paths and ids.
    private func settled(_ text: String) -> String {
        var text = replacing(folder, "<desk>", in: text)
        text = replacing(repositoryRoot, "<source>", in: text)
        var result = ""
        var word = ""
        for character in text + "\0" {
            if character.isLetter || character.isNumber || character == "-" {
                word.append(character)
            } else {
                result += isID(word) ? "<id>" : word
                result.append(character)
                word = ""
            }
        }
        return String(result.dropLast())
    }

    /// One short id of git in a thousand has no digit. The ids of stand-ins, one letter over and
    /// over, are the same in every run and stay.
    private func isID(_ word: String) -> Bool {
        word.count >= 7 && word.allSatisfy { $0.isHexDigit && !$0.isUppercase }
            && (word.contains(where: \.isNumber) || Set(word).count > 1)
    }

    private func replacing(_ old: String, _ new: String, in text: String) -> String {
        var (rest, result) = (text[...], "")
        while let range = rest.firstRange(of: old) {
            result += rest[..<range.lowerBound] + new
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
