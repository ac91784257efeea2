/// Makes the list of the most frequent values of a column.
enum TopValueList {
    /// So many different values are all listed.
    static let completeMax = 1024
    /// Where there are more, the first so many are.
    static let listedMax = 256

    static func of(_ numbers: NumberStatistics) -> ColumnProfile.TopValues {
        let table = numbers.sketches?.heavy.table ?? numbers.table
        return list(table, numbers.sketches?.heavy.error) { slot in
            guard numbers.extremes != nil else {
                return ColumnProfile.Item(number: NumberKey.value(slot.key), count: slot.count)
            }
            let value = NumberKey.integer(slot.key)
            return ColumnProfile.Item(
                number: Double(value), integer: value.magnitude > 1 << 53 ? value : nil,
                count: slot.count)
        }
    }

    static func of(_ texts: TextStatistics) -> ColumnProfile.TopValues {
        let table = texts.sketches?.heavy.table ?? texts.table
        return list(table, texts.sketches?.heavy.error) { slot in
            let known = texts.texts.text(slot.key)
            // The hash stands where the text would not give it: cut, private, not valid.
            let isWhole =
                known.map { !$0.isCut && CellHash.standard.hash($0.text) == slot.key } ?? false
            return ColumnProfile.Item(
                text: known?.text, hash: isWhole ? nil : hexadecimal(slot.key), count: slot.count)
        }
    }

    /// - Parameter error: nil where the table holds everything.
    private static func list(
        _ table: CountTable, _ error: Int?, item: (CountTable.Slot) -> ColumnProfile.Item
    ) -> ColumnProfile.TopValues {
        let isComplete = error == nil && table.count <= completeMax
        let ranked = table.ranked(first: isComplete ? completeMax : listedMax + 1)
        let listed = isComplete ? ranked[...] : ranked.prefix(listedMax)
        let next = ranked.count > listed.count ? ranked[listed.count].count : 0
        return ColumnProfile.TopValues(
            isComplete: isComplete, countError: error ?? 0, unlistedMax: next + (error ?? 0),
            items: listed.map(item))
    }
}

/// 16 digits.
func hexadecimal(_ key: UInt64) -> String {
    let digits = String(key, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
