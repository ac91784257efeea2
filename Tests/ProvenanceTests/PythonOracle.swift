import FoundationEssentials
import Glibc
import Testing

/// Runs a script that stands beside this file and returns what it prints.
func python(_ script: String, _ input: Data) throws -> [UInt8] {
    let file = FileManager.default.temporaryDirectory
        .appending(component: "slipway-\(UUID().uuidString).json")
    defer {
        // Because a file left behind in the temporary folder is no reason to fail.
        try? FileManager.default.removeItem(at: file)
    }
    try input.write(to: file)
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(component: script)
    let named = ProcessInfo.processInfo.environment["SLIPWAY_TEST_PYTHON"]
    let command = "'\(named ?? "python3")' '\(path.path)' < '\(file.path)'"
    let pipe = unsafe try #require(popen(command, "r"))
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = unsafe fread(&chunk, 1, chunk.count, pipe)
        if count == 0 { break }
        output += chunk[..<count]
    }
    #expect(unsafe pclose(pipe) == 0, "\(script) failed")
    return output
}
