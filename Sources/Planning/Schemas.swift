import Domain
import FoundationEssentials

/// Returns the JSON Schema (draft 2020-12) of one kind of file, for editors.
package func schema(for kind: DeclarationKind) -> String {
    var members = kind.keys.schema
    members["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
    members["$id"] = .string("urn:slipway:schema:\(kind.rawValue)")
    members["title"] = .string(kind.pattern)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
        return String(decoding: try encoder.encode(JSONValue.object(members)), as: UTF8.self) + "\n"
    } catch {
        preconditionFailure("the schema is made of texts, numbers and lists: \(error)")
    }
}

extension KeyTable {
    fileprivate var schema: [String: JSONValue] {
        var properties: [String: JSONValue] = [:]
        for key in keys {
            var members = key.shape.schema
            members["description"] = .string(key.about)
            properties[key.name] = .object(members)
        }
        var members: [String: JSONValue] = [
            "type": .string("object"), "description": .string(about),
            "properties": .object(properties), "additionalProperties": .bool(false),
        ]
        let required = keys.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { members["required"] = .array(required) }
        return members
    }
}

private let namePattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"

extension Shape {
    fileprivate var schema: [String: JSONValue] {
        switch self {
        case .text: ["type": .string("string")]
        case .filled: pattern("[^ \\t\\r\\n]")
        case .label: ["type": .array(["string", "number", "boolean"].map { .string($0) })]
        case .flag: ["type": .string("boolean")]
        case .integer(let range): integers(range)
        case .number(let range): numbers(range)
        case .share:
            [
                "type": .string("number"), "exclusiveMinimum": .integer(0),
                "exclusiveMaximum": .integer(1),
            ]
        case .duration: pattern("^[0-9]+[smhd]$")
        case .instant: pattern("^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z$")
        case .size: pattern("^[0-9]+[KMGT]iB$")
        case .sha256: pattern("^[0-9a-f]{64}$")
        case .path: pattern("^[^/]")
        case .address: pattern("^[^ /]+:[0-9]{1,5}$")
        case .name: pattern(namePattern)
        case .choice(let values, _): choice(values)
        case .word(let values): word(values)
        case .list(let item, let least):
            [
                "type": .string("array"), "items": .object(item.schema),
                "minItems": .integer(Int64(least)),
            ]
        case .map(let value, let names): map(value, names)
        case .table(let keys): keys.schema
        case .oneOrMore(let keys):
            [
                "anyOf": .array([
                    .object(keys.schema), .object(["type": .string("null")]),
                    .object([
                        "type": .string("array"), "items": .object(keys.schema),
                        "minItems": .integer(1),
                    ]),
                ])
            ]
        case .listOrTable(let item, let keys):
            [
                "anyOf": .array([
                    .object(Shape.list(item, atLeast: 1).schema), .object(keys.schema),
                ])
            ]
        case .choiceOrTable(let values, let keys, _):
            ["anyOf": .array([.object(choice(values)), .object(keys.schema)])]
        case .bound: ["type": .array([.string("number"), .string("string")])]
        case .tableSchema: tableSchema
        case .any: [:]
        }
    }

    private var tableSchema: [String: JSONValue] {
        [
            "anyOf": .array([
                .object(Shape.path.schema),
                .object([
                    "type": .string("object"), "required": .array([.string("fields")]),
                    "properties": .object([
                        "fields": .object(["type": .string("array"), "minItems": .integer(1)])
                    ]),
                ]),
            ])
        ]
    }

    private func pattern(_ text: String) -> [String: JSONValue] {
        ["type": .string("string"), "pattern": .string(text)]
    }

    private func choice(_ values: [String]) -> [String: JSONValue] {
        ["enum": .array(values.map { .string($0) })]
    }

    /// As they are for editors to offer, and a pattern that takes either case of each letter.
    private func word(_ values: [String]) -> [String: JSONValue] {
        let texts = values.map { value in
            value.map { $0.isLetter ? "[\($0)\($0.uppercased())]" : "\($0)" }.joined()
        }
        let whole = "^(\(texts.joined(separator: "|")))$"
        return ["anyOf": .array([.object(choice(values)), .object(pattern(whole))])]
    }

    private func map(_ value: Shape, _ names: Bool) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "type": .string("object"), "additionalProperties": .object(value.schema),
        ]
        if names { members["propertyNames"] = .object(["pattern": .string(namePattern)]) }
        return members
    }

    private func integers(_ range: ClosedRange<Int>) -> [String: JSONValue] {
        var members: [String: JSONValue] = ["type": .string("integer")]
        members["minimum"] = .integer(Int64(range.lowerBound))
        if range.upperBound != Int.max { members["maximum"] = .integer(Int64(range.upperBound)) }
        return members
    }

    private func numbers(_ range: ClosedRange<Double>) -> [String: JSONValue] {
        let most = Double.greatestFiniteMagnitude
        var members: [String: JSONValue] = ["type": .string("number")]
        if range.lowerBound != -most { members["minimum"] = .number(range.lowerBound) }
        if range.upperBound != most { members["maximum"] = .number(range.upperBound) }
        return members
    }
}
