import Domain

extension ReviewPolicy {
    /// Canonical JSON of everything but `approvals` and `exclude` of the base; nil: that is all.
    ///
    /// Keys are those of `slipway.yaml`, sorted by their bytes; durations are seconds, times stand
    /// in UTC to the second, `exclude` is sorted, lists keep their order. What says nothing is left
    /// out: false, and empty lists and mappings.
    var canonicalText: String? {
        var members = base.members
        members["approvals"] = nil
        members["exclude"] = nil
        members["roles"] = lists(roles)
        members["owners"] = lists(owners)
        members["rules"] = list(rules.map(\.value))
        members["freezes"] = list(freezes.map(\.value))
        members["data"] = list(data.map(\.value))
        return members.isEmpty ? nil : canonical(.object(members))
    }
}

extension ReviewDeclaration {
    fileprivate var members: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["approvals"] = approvals.map(number)
        members["exclude"] = exclude.flatMap { texts($0.map(\.rawValue).sorted()) }
        members["from"] = from.isEmpty ? nil : .object(from.mapValues(number))
        members["hardware_key"] = hardwareKey ? .bool(true) : nil
        members["code_owners"] = codeOwners ? .bool(true) : nil
        members["evidence_max_age"] = evidenceMaxAgeSeconds.map(number)
        members["approvals_expire"] = approvalsExpireSeconds.map(number)
        members["soak"] = soak.map {
            .object(["environment": .string($0.environment.text), "for": number($0.seconds)])
        }
        return members
    }
}

extension ReviewPolicy.Rule {
    fileprivate var value: JSONValue {
        var members = requires.members
        members["models"] = texts(models)
        members["environments"] = texts(environments)
        members["paths"] = texts(paths)
        return .object(members)
    }
}

extension ReviewPolicy.Freeze {
    fileprivate var value: JSONValue {
        var members: [String: JSONValue] = [
            "from": .string(from.description), "until": .string(until.description),
            "reason": .string(reason),
        ]
        members["environments"] = texts(environments)
        return .object(members)
    }
}

extension ReviewPolicy.DataRule {
    /// Here nothing is left out: that nothing is allowed says something.
    fileprivate var value: JSONValue {
        var members: [String: JSONValue] = [
            "allow": .array(allow.map(\.rawValue).sorted().map { .string($0) })
        ]
        members["models"] = texts(models)
        return .object(members)
    }
}

private func number(_ integer: Int) -> JSONValue { .integer(Int64(integer)) }

private func list(_ items: [JSONValue]) -> JSONValue? { items.isEmpty ? nil : .array(items) }

private func texts(_ texts: [String]) -> JSONValue? { list(texts.map { .string($0) }) }

private func lists(_ lists: [String: [String]]) -> JSONValue? {
    lists.isEmpty ? nil : .object(lists.mapValues { .array($0.map { .string($0) }) })
}

/// Returns JSON on one line without spaces, with the fewest escapes that JSON allows (RFC 8259).
private func canonical(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .string(let text): canonical(text)
    case .array(let items): "[" + items.map(canonical).joined(separator: ",") + "]"
    case .object(let members):
        "{"
            + members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { "\(canonical($0.key)):\(canonical($0.value))" }.joined(separator: ",") + "}"
    }
}

private func canonical(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar -> String in
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case "\u{8}": return "\\b"
        case "\u{C}": return "\\f"
        default:
            guard scalar.value < 32 else { return String(scalar) }
            return "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        }
    }
    return "\"" + escaped.joined() + "\""
}
