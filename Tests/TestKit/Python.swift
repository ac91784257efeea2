import Domain
package import FoundationEssentials
import Glibc

/// Runs a Python script that lies beside the caller's file and returns what it prints.
///
/// By the interpreter in SLIPWAY_TEST_PYTHON, else by `python3`. Throws when there is none, and
/// when the script ends with an error.
package func python(
    _ script: String, _ input: Data, beside file: String = #filePath
) throws -> [UInt8] {
    let path = URL(filePath: file).deletingLastPathComponent().appending(component: script)
    return try run(path, input)
}

/// Runs Python code on lines of input and returns the lines that it prints.
package func python(code: String, lines: [String]) throws -> [String] {
    let script = FileManager.default.temporaryDirectory
        .appending(component: "slipway-\(UUID().uuidString).py")
    defer {
        // Because a file left behind in the temporary folder is no reason to fail.
        try? FileManager.default.removeItem(at: script)
    }
    try Data(code.utf8).write(to: script)
    let output = try run(script, Data(lines.map { $0 + "\n" }.joined().utf8))
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
}

private func run(_ path: URL, _ input: Data) throws -> [UInt8] {
    let given = FileManager.default.temporaryDirectory
        .appending(component: "slipway-\(UUID().uuidString).json")
    defer {
        // Because a file left behind in the temporary folder is no reason to fail.
        try? FileManager.default.removeItem(at: given)
    }
    try input.write(to: given)
    let named = ProcessInfo.processInfo.environment["SLIPWAY_TEST_PYTHON"]
    let command = "'\(named ?? "python3")' '\(path.path)' < '\(given.path)'"
    guard let pipe = unsafe popen(command, "r") else {
        throw Failure("a shell cannot be started for \(path.lastPathComponent)")
    }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = unsafe fread(&chunk, 1, chunk.count, pipe)
        if count == 0 { break }
        output += chunk[..<count]
    }
    guard unsafe pclose(pipe) == 0 else { throw Failure("\(path.lastPathComponent) failed") }
    return output
}
