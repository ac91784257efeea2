import Domain

/// What a check found as SARIF 2.1.0 (OASIS 2020), which code hosts show beside the lines.
struct SARIFLog: Encodable {
    private static let schema = "https://json.schemastore.org/sarif-2.1.0.json"
    /// What each begins with, because its keys are written in the order of letters.
    static var head: String { #"{"$schema":"\#(schema)","# }

    private var version = "2.1.0"
    private var runs: [Run]

    private enum CodingKeys: String, CodingKey {
        case version, runs
        case schema = "$schema"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.schema, forKey: .schema)
        try container.encode(version, forKey: .version)
        try container.encode(runs, forKey: .runs)
    }

    private struct Run: Encodable {
        var tool: Tool
        var columnKind = "unicodeCodePoints"
        var results: [Result]
    }

    private struct Tool: Encodable {
        var driver: Driver
    }

    private struct Driver: Encodable {
        var name = "slipway"
        var rules: [Rule]
    }

    private struct Rule: Encodable {
        var id: String
    }

    private struct Text: Encodable {
        var text: String
    }

    private struct Result: Encodable {
        var ruleId: String
        var level: String
        var message: Text
        var locations: [Location]
    }

    private struct Location: Encodable {
        var physicalLocation: Physical

        struct Physical: Encodable {
            var artifactLocation: Artifact
            var region: Region?
        }

        struct Artifact: Encodable {
            var uri: String
            var uriBaseId = "%SRCROOT%"
        }

        struct Region: Encodable {
            var startLine: Int
            var startColumn: Int?
        }
    }

    /// Makes a log of what warns or is wrong.
    init(_ results: [CheckResult]) {
        let broken = results.filter { $0.state != .passed }
        var rules: [String] = []
        for result in broken where !rules.contains(result.rule) { rules.append(result.rule) }
        runs = [
            Run(
                tool: Tool(driver: Driver(rules: rules.map(Rule.init))),
                results: broken.map { result in
                    Result(
                        ruleId: result.rule, level: result.state == .error ? "error" : "warning",
                        message: Text(text: Self.sentence(result)),
                        locations: result.place.map { [Self.location($0)] } ?? [])
                })
        ]
    }

    private static func sentence(_ result: CheckResult) -> String {
        let subject = [result.dataset?.text, result.column].compactMap(\.self)
            .joined(separator: ", ")
        let text = subject.isEmpty ? result.message : "\(subject): \(result.message)"
        return oneLine(result.hint.map { "\(text) (\($0))" } ?? text)
    }

    /// Of data the column is left out: it counts cells, and SARIF counts characters.
    private static func location(_ place: Place) -> Location {
        let isDeclaration =
            place.file.hasSuffix(".yaml") || place.file.hasSuffix(".dvc")
            || place.file.hasSuffix(".croissant.json")
        let region = place.line.map {
            Location.Region(startLine: $0, startColumn: isDeclaration ? place.column : nil)
        }
        return Location(
            physicalLocation: Location.Physical(
                artifactLocation: Location.Artifact(uri: uri(place.file)), region: region))
    }

    /// The path as a relative reference of RFC 3986.
    private static func uri(_ path: String) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            if plain.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
