import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

/// What a server answered.
struct Answer {
    var status: Int
    /// By lower-case name.
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// Reads one answer with its head; nil when the bytes are none.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            .split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            return nil
        }
        self.status = status
        headers = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        body = Array(bytes[end.upperBound...])
    }

    /// The body as what the API says it is.
    func json<Value: Decodable>(
        _ kind: Value.Type, _ place: SourceLocation = #_sourceLocation
    ) throws -> Value {
        #expect(headers["content-type"] == "application/json; charset=utf-8", sourceLocation: place)
        #expect(body.count(where: { $0 == UInt8(ascii: "\n") }) == 1, sourceLocation: place)
        #expect(body.last == UInt8(ascii: "\n"), sourceLocation: place)
        return try JSONDecoder().decode(kind, from: Data(body))
    }
}

/// The JSON of an error, with exactly its three keys.
struct ErrorBody: Decodable {
    var error: String
    var `where`: String?
    var hint: String?
}

/// What a test could not ask.
struct NotAsked: Error, CustomStringConvertible {
    var description: String
}

/// Asks a server at a port of this machine.
struct Client: Sendable {
    let port: Int

    /// Asks with curl; the further options come before the address.
    func ask(
        _ path: String, _ options: [String] = [], input: [UInt8] = []
    ) async throws -> Answer {
        let result = try await curl(path, options, input: input)
        guard result.status.isSuccess, let answer = Answer(result.output) else {
            throw NotAsked(description: "\(path): \(result.status) \(result.errorText)")
        }
        return answer
    }

    /// Runs curl, which may fail.
    func curl(
        _ path: String, _ options: [String] = [], input: [UInt8] = []
    ) async throws -> ChildResult {
        let always = [
            "-q", "--silent", "--show-error", "--include", "--globoff", "--path-as-is",
            "--noproxy", "*", "--header", "Expect:",
        ]
        return try await ChildProcess.run(
            "curl", always + options + ["http://127.0.0.1:\(port)\(path)"], input: input,
            outputLimitBytes: 8 << 20, deadlineSeconds: patienceSeconds)
    }

    /// Sends bytes as they are and returns all that comes back until the server closes.
    func talk(_ bytes: [UInt8]) async throws -> [UInt8] {
        let script = "exec 3<>\"/dev/tcp/127.0.0.1/$0\" && cat >&3 && cat <&3"
        return try await ChildProcess.run(
            "bash", ["-c", script, "\(port)"], input: bytes, outputLimitBytes: 8 << 20,
            deadlineSeconds: patienceSeconds
        ).output
    }
}
