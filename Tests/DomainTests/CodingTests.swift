import Domain
import FoundationEssentials
import Testing

private func roundTrip<Value: Codable>(_ value: Value) throws -> Value {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try JSONDecoder().decode(Value.self, from: encoder.encode(value))
}

private func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
}

@Test(
    arguments: [
        .null, .bool(true), .bool(false), .integer(0), .integer(.max), .integer(.min), .number(0.1),
        .number(-1.5e300), .string(""), .string("\u{0}\"\\é😀"), .array([]), .object([:]),
        .array([.null, .integer(1), .array([.bool(false)])]),
        .object(["instances": .array([.array([.number(0.5), .integer(2)])]), "": .null]),
    ] as [JSONValue])
func `a JSON value comes back as it was`(value: JSONValue) throws {
    #expect(try roundTrip([value]) == [value])
}

@Test func `the kinds of JSON values are kept apart`() throws {
    let read = try decode([JSONValue].self, #"[true, 1, 1.5, "1", null, 18446744073709551616]"#)
    #expect(
        read == [
            .bool(true), .integer(1), .number(1.5), .string("1"), .null,
            .number(18_446_744_073_709_551_616),
        ])
}

@Test func `identifiers are plain text in JSON and keys too`() throws {
    #expect(try json(Bench.model) == #""digits""#)
    #expect(try json(RunID(model: Bench.model, number: 3)) == #""digits/3""#)
    #expect(try json(SemanticVersion(1, 2, 3)) == #""v1.2.3""#)
    #expect(try json(Instant(milliseconds: 5)) == "5")
    #expect(try json(Bench.erin) == #""erin""#)
    let keyed = [DatasetName("d")!: Bench.digest(1)]
    #expect(try json(keyed).hasPrefix(#"{"d":"0000"#))
    #expect(try roundTrip(keyed) == keyed)
    let byEvidence = [EvidenceID(Bench.digest(1)): 1]
    #expect(try roundTrip(byEvidence) == byEvidence)
}

@Test func `what breaks a rule is refused when it is read`() {
    #expect(throws: DecodingError.self) { try decode(ModelName.self, #""policy""#) }
    #expect(throws: DecodingError.self) { try decode(SemanticVersion.self, #""v1""#) }
    #expect(throws: DecodingError.self) { try decode(RunID.self, #""digits""#) }
    #expect(throws: DecodingError.self) { try decode(Digest.self, #""12""#) }
    #expect(throws: DecodingError.self) { try decode([DatasetName: Int].self, #"{"A": 1}"#) }
}

@Test(arguments: Samples.decisions)
func `a decision comes back as it was`(decision: Decision) throws {
    let record = DecisionRecord(
        sequence: 7, at: Instant(milliseconds: 1_795_227_882_123), model: Bench.model,
        commit: Bench.commit(1), decision: decision)
    #expect(try roundTrip(record) == record)
    #expect(!(try json(record)).contains("\n"))
}

@Test func `a decision about policy comes back under the name that no model may have`() throws {
    let record = DecisionRecord(
        sequence: 7, at: Instant(milliseconds: 1_795_227_882_123), model: .policy,
        commit: Bench.commit(1), decision: .superseded(by: Bench.commit(2)),
        previous: Bench.digest(3))
    #expect(try roundTrip(record) == record)
}

@Test func `there is a sample of every kind of decision`() throws {
    let kinds = Set(try Samples.decisions.map { try json($0).split(separator: "\"")[1] })
    #expect(kinds.count == 20)
}
