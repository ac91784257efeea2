import Domain

/// The columns that a check which names none is not about, by the reason.
struct LeftOut {
    /// So many columns are named for each reason.
    private static let namedMax = 5

    private var reasons: [(why: String, columns: [String])] = []

    init(_ columns: [(column: String, why: String)] = []) {
        for (column, why) in columns { add(column, why) }
    }

    mutating func add(_ column: String, _ why: String) {
        if let index = reasons.firstIndex(where: { $0.why == why }) {
            reasons[index].columns.append(column)
        } else {
            reasons.append((why, [column]))
        }
    }

    /// What is said of them; nil: the check is about all columns.
    func outcome(_ check: DataCheck) -> CheckOutcome? {
        guard !reasons.isEmpty else { return nil }
        let parts = reasons.map { why, columns in
            let named = columns.prefix(Self.namedMax).map {
                "`\(oneLine($0, charactersMax: 60))`"
            }
            let more = columns.count - named.count
            let rest = more > 0 ? " and \(counted(more, "other"))" : ""
            return "\(named.joined(separator: ", "))\(rest) (\(why))"
        }
        return CheckOutcome(
            check.name.rawValue, nil, value: nil, limit: nil, .notMeasured,
            "not measured: " + parts.joined(separator: "; "))
    }
}
