extension DatasetProfile {
    /// The same without the cells of private columns, and without what gives them away: of these
    /// counts are left. It is for people, and cannot be compared with others.
    package var hidingCells: DatasetProfile {
        var shown = self
        shown.columns = columns.map(\.hidingCells)
        for (index, column) in columns.enumerated() where column.isPrivate {
            if column.name == label { (shown.classes, shown.classSizes) = (nil, nil) }
            if shown.sample.columns.indices.contains(index) { shown.sample.columns[index] = "" }
        }
        return shown
    }
}

extension ColumnProfile {
    /// As above. How often the most frequent value occurs is still told, by `unlistedMax`.
    fileprivate var hidingCells: ColumnProfile {
        guard isPrivate else { return self }
        var shown = self
        let most = values.items.map(\.count).max() ?? 0
        shown.values.isComplete = false
        shown.values.unlistedMax = Swift.max(values.unlistedMax, most + values.countError)
        shown.values.items = []
        shown.missingSpellings = missingSpellings.map(\.hidingText)
        shown.lookAlikes = lookAlikes.map(\.hidingText)
        shown.registers = nil
        shown.numbers = nil
        shown.lengths = nil
        return shown
    }
}

extension ColumnProfile.Spelling {
    /// As above; that a cell is empty is shown.
    fileprivate var hidingText: ColumnProfile.Spelling {
        ColumnProfile.Spelling(text: text.isEmpty ? "" : hiddenCell, count: count)
    }
}
