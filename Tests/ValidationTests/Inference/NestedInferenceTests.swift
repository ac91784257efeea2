import Domain
import TestKit
import Testing

@testable import Validation

/// Objects in JSON lines become columns by paths, and what was inferred holds for the file.
@Suite struct NestedInferenceTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func infer(
        _ text: String, chunk: Int = 1 << 20, workers: Int = 2
    ) async throws -> InferredSchema {
        let file = try folder.add("d.jsonl", text)
        return try await inferSchema(
            of: manifest([file], format: .jsonl), root: folder.path,
            options: ValidationOptions(chunkBytes: chunk, workersMax: workers))
    }

    /// What the checks say of the file once its schema is declared.
    private func checked(_ text: String, _ schema: InferredSchema) async throws -> [String] {
        let columns = schema.columns.map { column($0.name, $0.type, required: $0.missing == 0) }
        let report = try await validate(
            manifest(
                [try folder.add("d.jsonl", text)], columns, format: .jsonl,
                checks: DatasetChecks(missingValues: schema.missingWords)),
            root: folder.path)
        return report.diagnostics.map { "\($0.place) \($0.message)" }
    }

    @Test func `objects are columns of their keys, and arrays are columns`() async throws {
        let text = """
            {"id":1,"user":{"name":"Ada","address":{"city":"Bern","zip":"3011"}},"tags":["a","b"]}
            {"id":2,"user":{"name":"Bo","address":null,"since":"2024-02-29"},"tags":[]}
            {"id":3,"user":{"name":"","address":{"city":"Wien","geo":{}}},"tags":null,"x":1}
            {"id":4,"user":{"name":"Di"},"x":"1","flag":true,"n":1.5}

            """
        let schema = try await infer(text)
        #expect(
            schema.columns.map { "\($0.name) \($0.type.rawValue) \($0.missing)" } == [
                "id integer 0", "user.name string 1", "user.address.city string 2",
                "user.address.zip string 3", "user.address.geo object 3", "user.since date 3",
                "tags array 2", "x any 2", "flag boolean 3", "n number 3",
            ])
        #expect(try await checked(text, schema).isEmpty)
    }

    @Test(arguments: [
        // A key with a point in it, alone and beside an object of that name.
        (#"{"a.b":1,"a":{"c":2}}"#, ["a.b integer", "a.c integer"]),
        (#"{"a.b":1,"a":{"b":2}}"#, ["a.b integer", "a object"]),
        (#"{"a":{"b":{"c":1},"b.c":2}}"#, ["a object"]),
        (#"{"a.b":{"c":1}}"#, ["a.b.c integer"]),
        (#"{"a.b":3,"a":{"b":{"c":1}}}"#, ["a.b integer", "a object"]),
        // What is not always an object is whole.
        ("{\"a\":{\"b\":1}}\n{\"a\":[1]}", ["a any"]),
        ("{\"a\":{\"b\":1}}\n{\"a\":\"\"}", ["a object"]),
        ("{\"a\":{}}\n{\"a\":null}", ["a object"]),
        // Numbers that only text holds.
        (#"{"a":1e999}"#, ["a any"]),
        (#"{"a":"5","b":5,"c":"true"}"#, ["a string", "b integer", "c string"]),
        (#"{"a":null,"b":"null"}"#, ["a string", "b string"]),
    ])
    func `a path is the name of one thing`(lines: String, columns: [String]) async throws {
        let schema = try await infer(lines + "\n")
        #expect(schema.columns.map { "\($0.name) \($0.type.rawValue)" } == columns)
        #expect(try await checked(lines + "\n", schema).isEmpty)
    }

    @Test func `keys that stand behind the first MiB are columns too`() async throws {
        let early = (0..<40_000).map { "{\"id\":\($0),\"note\":\"nothing new here\"}\n" }.joined()
        let text = early + "{\"id\":1,\"note\":\"\",\"late\":{\"key\":7}}\n"
        let schema = try await infer(text)
        #expect(schema.columns.map(\.name) == ["id", "note", "late.key"])
        #expect(try await checked(text, schema).isEmpty)
    }

    @Test func `an object with a thousand keys and more is one column`() async throws {
        let text = (0..<1500).map { "{\"scores\":{\"u\($0)\":1},\"n\":1}\n" }.joined()
        for chunk in [700, 1 << 20] {
            let schema = try await infer(text, chunk: chunk)
            #expect(
                schema.columns.map { "\($0.name) \($0.type.rawValue)" } == [
                    "scores object", "n integer",
                ])
        }
    }

    @Test func `what was inferred of any records holds for them`() async throws {
        for seed in 0..<150 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let text = (0..<(1 + random.below(30))).map { _ in
                Self.object(&random, depth: 0) + (random.below(9) == 0 ? "\r\n" : "\n")
            }.joined()
            let schema = try await infer(text)
            let cuts = try await infer(text, chunk: 61, workers: 1)
            #expect(schema == cuts, "seed \(seed)")
            let wrong = try await checked(text, schema)
            #expect(wrong.isEmpty, "seed \(seed): \(text) \(schema.columns) \(wrong)")
        }
    }

    @Test func `declared arrays, objects and anything hold what they say`() async throws {
        let text = """
            {"a":[1],"o":{"x":1},"any":1}
            {"a":{"x":1},"o":[1],"any":"n"}
            {"a":"[1]","o":"{}","any":[null]}
            {"a":null,"o":"NA","any":null}
            {"a":"","any":"NA"}

            """
        var columns = [column("a", .array), column("o", .object), column("any", .any)]
        columns[2].required = true
        let report = try await validate(
            manifest(
                [try folder.add("d.jsonl", text)], columns, format: .jsonl,
                checks: DatasetChecks(missingValues: ["NA"])), root: folder.path)
        #expect(
            report.diagnostics.map { "\($0.place) \($0.message)" } == [
                "d.jsonl:2:6 `{\"x\":1}` (an array or object) is not an array of JSON",
                "d.jsonl:3:6 `[1]` (a string) is not an array of JSON",
                "d.jsonl:2:18 `[1]` (an array or object) is not an object of JSON",
                "d.jsonl:3:16 `{}` (a string) is not an object of JSON",
                "d.jsonl:4:26 `any` is required and missing",
                "d.jsonl:5:15 `any` is required and missing",
            ])
    }

    @Test(arguments: [
        ("[]", true), ("[1, \"a]\", {\"b\": [null, true]}, -1.5e+3]", true), ("[1", false),
        ("[1]]", false), ("[01]", false), ("[1,]", false), ("{}", false), ("[\"\\x\"]", false),
        ("[\"\\u00e4\"]", true), ("[.5]", false), ("[1.]", false), (" []", false),
        (String(repeating: "[", count: 64) + String(repeating: "]", count: 64), true),
        (String(repeating: "[", count: 65) + String(repeating: "]", count: 65), false),
    ])
    func `a cell of a table is an array when it is one of JSON`(
        cell: String, isRight: Bool
    ) async throws {
        let text = "a,b\n\"" + cell.replacing("\"", with: "\"\"") + "\",x\n"
        let declared = manifest(
            [try folder.add("d.csv", text)], [column("a", .array), column("b", .any)])
        #expect(try await validate(declared, root: folder.path).passed == isRight)
    }

    private static let keys = ["a", "b", "c", "a.b", "b.c", "a.b.c", "ä", "x\\\"y", "ä\\u00e4"]

    private static func object(_ random: inout SeededRandom, depth: Int) -> String {
        var left = Self.keys
        let members = (0..<random.below(4)).map { _ -> String in
            let key = left.remove(at: random.below(left.count))
            return "\"\(key)\"\(random.below(3) == 0 ? " : " : ":")\(value(&random, depth + 1))"
        }
        // Because a line without anything is a row all the same.
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func value(_ random: inout SeededRandom, _ depth: Int) -> String {
        let scalars = [
            "1", "-7", "2.5", "1e3", "1e999", "true", "false", "null", "\"\"", "\"NA\"", "\"x y\"",
            "\"5\"", "\"2024-02-29\"", "\"2024-02-29T12:00:00Z\"", "\"a\\nb\"", "\"\\u00e4\"",
            "9007199254740993", "123456789012345678901", "-0",
        ]
        switch random.below(10) {
        case 0..<3 where depth < 5: return object(&random, depth: depth)
        case 3: return random.below(2) == 0 ? "[]" : "[1, \"a]\", {\"b\": [null]}]"
        // So that most columns are of one type.
        case 4..<8: return scalars[random.below(3)]
        default: return scalars[random.below(scalars.count)]
        }
    }
}
