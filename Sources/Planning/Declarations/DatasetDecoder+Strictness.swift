import Domain

/// The key by which anything says what breaking it means.
let severityKey = KeyTable.Key(
    "severity", .choice(CheckSeverity.allCases.map(\.rawValue)), "What it means that it is broken")

/// The key by which anything that counts says how many may be wrong.
func maxRowsKey(of what: String) -> KeyTable.Key {
    .init("max_rows", .integer(0...Int.max), "How many \(what) may be wrong at most")
}

/// The keys by which rules of cells, rows and keys say how strict they are.
func strictnessKeys(of what: String) -> [KeyTable.Key] {
    [
        severityKey, .init("mostly", .number(0...1), "The share of \(what) that must keep it; 1"),
        maxRowsKey(of: what),
    ]
}

extension YAMLNode {
    /// What it says that breaking it means; nil: nothing.
    var severity: CheckSeverity? { self["severity"]?.text.flatMap(CheckSeverity.init(rawValue:)) }
}

extension DatasetDecoder {
    /// How strict a rule of cells, rows or keys is said to be.
    mutating func strictness(_ item: YAMLNode) -> Strictness {
        let found = Strictness(
            item.severity ?? .fail, mostly: item["mostly"]?.number,
            maxRows: item["max_rows"]?.integer)
        judgeLimits(item, share: "mostly", lets: found.mostly.map { $0 < 1 }, found.maxRows)
        return found
    }

    /// Reports a limit that means nothing, because the one beside it lets nothing pass.
    ///
    /// - Parameters:
    ///   - share: the key of the limit in shares.
    ///   - lets: whether that limit lets anything pass; nil: there is none.
    ///   - rows: the limit in rows.
    mutating func judgeLimits(_ item: YAMLNode, share: String, lets: Bool?, _ rows: Int?) {
        guard let lets, let rows, lets == (rows == 0) else { return }
        let (empty, strict) = lets ? (share, "max_rows") : ("max_rows", share)
        let (node, other) = (item[empty] ?? item, item[strict] ?? item)
        report(
            node,
            "`\(empty): \(quoted(node.source))` means nothing beside "
                + "`\(strict): \(quoted(other.source))`, which lets none pass",
            hint: "keep one; where both are written both must hold")
    }
}
