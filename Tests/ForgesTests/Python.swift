import FoundationEssentials
import Glibc
import Testing

/// Runs a Python script on lines of input and returns the lines that it prints.
func python(_ script: String, _ input: [String]) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory
        .appending(component: "slipway-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer {
        // Because a folder left behind among the temporary ones is no reason to fail.
        try? FileManager.default.removeItem(at: folder)
    }
    let code = folder.appending(component: "oracle.py")
    let file = folder.appending(component: "input.txt")
    try Data(script.utf8).write(to: code)
    try Data(input.map { $0 + "\n" }.joined().utf8).write(to: file)
    let named = ProcessInfo.processInfo.environment["SLIPWAY_TEST_PYTHON"]
    let command = "'\(named ?? "python3")' '\(code.path)' < '\(file.path)'"
    let pipe = unsafe try #require(popen(command, "r"))
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = unsafe fread(&chunk, 1, chunk.count, pipe)
        if count == 0 { break }
        output += chunk[..<count]
    }
    #expect(unsafe pclose(pipe) == 0)
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
}
