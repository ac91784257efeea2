import Domain

extension JSONValue {
    /// The value as JSON (RFC 8259) on one line, keys sorted.
    ///
    /// Written by hand because `JSONEncoder` can throw, which writing these values never does.
    var jsonText: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value): value.isFinite ? "\(value)" : "null"
        case .string(let value): quotedJSON(value)
        case .array(let values): "[" + values.map(\.jsonText).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }
                .map { "\(quotedJSON($0.key)):\($0.value.jsonText)" }.joined(separator: ",") + "}"
        }
    }

    var jsonBytes: [UInt8] { Array(jsonText.utf8) }

    /// An object of the members that are there.
    static func members(_ members: [String: String?]) -> JSONValue {
        .object(members.compactMapValues { $0.map(JSONValue.string) })
    }
}

private func quotedJSON(_ text: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
        case 10: result += Array("\\n".utf8)
        case 0..<32, 127:
            result += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: result.append(byte)
        }
    }
    return String(decoding: result + [UInt8(ascii: "\"")], as: UTF8.self)
}
