/// How the columns of a dataset differ from those that it had before.
struct SchemaChange: Equatable {
    struct Retyped: Equatable {
        var column: String
        var before: String
        var now: String
    }

    /// In the order of the data that has them.
    private(set) var added: [String] = []
    private(set) var removed: [String] = []
    private(set) var retyped: [Retyped] = []
    /// The first column that stands elsewhere among those that both have; nil: none does.
    private(set) var moved: String?

    /// Types are compared where both profiles know the declared ones, otherwise what the cells were
    /// counted as.
    init(from reference: DatasetProfile, to current: DatasetProfile) {
        let before = Dictionary(
            reference.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let now = Set(current.columns.map(\.name))
        removed = reference.columns.map(\.name).filter { !now.contains($0) }
        for column in current.columns {
            guard let old = before[column.name] else {
                added.append(column.name)
                continue
            }
            let (from, to) = SchemaChange.types(old, column)
            if from != to {
                retyped.append(Retyped(column: column.name, before: from, now: to))
            }
        }
        let orders = (
            reference.columns.map(\.name).filter(now.contains),
            current.columns.map(\.name).filter { before[$0] != nil }
        )
        moved = zip(orders.0, orders.1).first { $0 != $1 }?.1
    }

    private static func types(
        _ before: ColumnProfile, _ now: ColumnProfile
    ) -> (before: String, now: String) {
        guard let old = before.type, let new = now.type else {
            return kinds(before.kind, now.kind)
        }
        return (old, new)
    }

    /// Days and moments are texts where the other side has texts, which they were in profiles that
    /// were made before they were counted as such.
    private static func kinds(
        _ before: ColumnProfile.Kind, _ now: ColumnProfile.Kind
    ) -> (before: String, now: String) {
        let isOfTexts = before == .text || now == .text
        let (from, to) = (isOfTexts && before.isTime, isOfTexts && now.isTime)
        let text = ColumnProfile.Kind.text
        return ((from ? text : before).rawValue, (to ? text : now).rawValue)
    }

    /// Another order is one difference.
    var count: Int { added.count + removed.count + retyped.count + (moved == nil ? 0 : 1) }

    /// Names at most five columns of each kind.
    var sentence: String {
        guard count > 0 else { return "the columns are the same" }
        func list(_ items: [String], _ words: String) -> String? {
            guard !items.isEmpty else { return nil }
            let more = items.count > 5 ? " and \(items.count - 5) more" : ""
            return "\(words) \(items.prefix(5).joined(separator: ", "))\(more)"
        }
        let parts = [
            list(added.map { "`\(shownName($0))`" }, "new:"),
            list(removed.map { "`\(shownName($0))`" }, "gone:"),
            list(
                retyped.map { "`\(shownName($0.column))` (\($0.before), now \($0.now))" },
                "of another type:"),
            moved.map { "in another order from `\(shownName($0))` on" },
        ]
        return parts.compactMap(\.self).joined(separator: "; ")
    }
}
