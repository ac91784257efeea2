/// How the columns of a dataset differ from those that it had before.
package struct SchemaChange: Equatable, Sendable {
    package struct Retyped: Equatable, Sendable {
        package var column: String
        package var before: String
        package var now: String
    }

    /// In the order of the data that has them.
    package private(set) var added: [String] = []
    package private(set) var removed: [String] = []
    package private(set) var retyped: [Retyped] = []
    /// The first column that stands elsewhere among those that both have; nil: none does.
    package private(set) var moved: String?

    /// Types are compared where both profiles know the declared ones, otherwise what the cells were
    /// counted as.
    init(from reference: DatasetProfile, to current: DatasetProfile) {
        let before = Dictionary(
            reference.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let now = Dictionary(
            current.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.init(from: reference.columns.map(\.name), to: current.columns.map(\.name)) { name in
            guard let old = before[name], let new = now[name] else { return nil }
            return SchemaChange.types(old, new)
        }
    }

    /// Compares columns in their order.
    ///
    /// - Parameter types: of a column that both have; nil: they are not compared.
    package init(
        from reference: [String], to current: [String],
        types: (String) -> (before: String, now: String)?
    ) {
        let (before, now) = (Set(reference), Set(current))
        removed = reference.filter { !now.contains($0) }
        added = current.filter { !before.contains($0) }
        let (old, new) = (reference.filter(now.contains), current.filter(before.contains))
        for name in new {
            guard let (from, to) = types(name), from != to else { continue }
            retyped.append(Retyped(column: name, before: from, now: to))
        }
        moved = zip(old, new).first { $0 != $1 }?.1
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
