/// How many classes of a label have so many rows.
package struct ClassSize: Hashable, Codable, Sendable {
    package var rows: Int
    package var classes: Int

    /// The sizes of classes, ascending.
    static func list(_ counts: some Sequence<Int>) -> [ClassSize] {
        var classes: [Int: Int] = [:]
        for count in counts { classes[count, default: 0] += 1 }
        return classes.sorted { $0.key < $1.key }.map { ClassSize(rows: $0.key, classes: $0.value) }
    }
}

extension ColumnStatistics {
    /// How many rows its different values have; nil: they are too many to be counted each.
    var classSizes: [ClassSize]? {
        guard texts.sketches == nil, numbers.sketches == nil else { return nil }
        let table = kind == .text ? texts.table : numbers.table
        return ClassSize.list(table.slots.lazy.map(\.count).filter { $0 > 0 })
    }
}
