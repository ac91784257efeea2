import Domain

/// Words for the cells of a record that breaks a rule.
enum RuleText {
    /// Further columns are only counted.
    private static let columnsMax = 6

    /// `amount = -3, country = DE, vat missing`
    static func shown(
        _ columns: [RuleColumn], _ places: [Int?], _ batch: RowBatch, _ row: Int, quote: UInt8
    ) -> String {
        let texts = zip(columns, places).prefix(columnsMax).map { column, place in
            shown(column, place, batch, row, quote: quote)
        }
        let more = columns.count - texts.count
        return texts.joined(separator: ", ")
            + (more > 0 ? " and \(counted(more, "more column"))" : "")
    }

    private static func shown(
        _ column: RuleColumn, _ place: Int?, _ batch: RowBatch, _ row: Int, quote: UInt8
    ) -> String {
        let name = oneLine(column.name, charactersMax: 40)
        guard let place, batch.state(row, place) != .missing else { return "\(name) missing" }
        if column.isHidden { return "\(name) = \(hiddenCell)" }
        return "\(name) = \(cell(batch.text(row, place, quote: quote)))"
    }

    /// A cell, cut, in one line.
    static func cell(_ bytes: [UInt8]) -> String { oneLine(shownText(bytes.span, bytes.indices)) }
}
