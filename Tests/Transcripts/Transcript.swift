import Domain
import FoundationEssentials
import Host
import Testing

/// One call of the built program: what was typed, both streams, and the exit code.
struct Transcript: Sendable {
    var command: String
    var output: String
    var errors: String
    var code: Int32

    var text: String {
        var parts = ["$ \(command)\n"]
        if !output.isEmpty { parts.append("-- stdout\n\(output)") }
        if !errors.isEmpty { parts.append("-- stderr\n\(errors)") }
        return parts.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined() + "-- exit \(code)\n"
    }

    /// Compares with the golden file of this name; SLIPWAY_UPDATE_GOLDEN=1 rewrites it.
    func matches(_ name: String) throws {
        let path = "\(repositoryRoot)/Tests/Transcripts/Golden/\(name).txt"
        if environmentVariable("SLIPWAY_UPDATE_GOLDEN") == "1" {
            try makeFolder(parentFolder(path))
            try replaceFile(path, Array(text.utf8))
        }
        guard exists(path) else {
            Issue.record("there is no \(path); SLIPWAY_UPDATE_GOLDEN=1 writes it")
            return
        }
        let golden = String(decoding: try readFile(path, limitBytes: 1 << 20), as: UTF8.self)
        #expect(text == golden, "differs from \(name).txt; SLIPWAY_UPDATE_GOLDEN=1 rewrites it")
    }
}

/// The top of the source tree, from this file's own path.
let repositoryRoot: String = {
    // Because the tests may have been built through a link to the sources.
    let file = (try? canonicalPath(#filePath)) ?? #filePath
    return parentFolder(parentFolder(parentFolder(file)))
}()

/// The program that was built beside the test bundle.
func builtProgram() throws -> String {
    var places = [parentFolder(try readLink("/proc/self/exe"))]
    places += CommandLine.arguments.filter { $0.contains(".xctest") }.map(parentFolder)
    for place in places where exists("\(place)/slipway") { return "\(place)/slipway" }
    throw Failure(
        "the program was not built", at: places.first, hint: "swift build --product slipway")
}
