extension DatasetProfile {
    /// The same for people, who cannot compare it with others: with times as such, without the
    /// cells of private columns, and without what gives them away; of these counts are left.
    package var hidingCells: DatasetProfile {
        var shown = self
        shown.columns = columns.map { $0.isPrivate ? $0.hidingCells : $0.tellingTimes }
        for (index, column) in columns.enumerated() {
            if column.name == label {
                shown.classes = column.isPrivate ? nil : classes?.map { $0.told(column.kind) }
                if column.isPrivate { shown.classSizes = nil }
            }
            guard column.isPrivate, shown.sample.columns.indices.contains(index) else { continue }
            shown.sample.columns[index] = ""
        }
        return shown
    }
}

extension ColumnProfile {
    /// As above. How often the most frequent value occurs is still told, by `unlistedMax`.
    fileprivate var hidingCells: ColumnProfile {
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

    fileprivate var tellingTimes: ColumnProfile {
        guard kind.isTime else { return self }
        var shown = self
        shown.values.items = values.items.map { $0.told(kind) }
        shown.times = numbers.map { TimeSummary($0, kind) }
        shown.numbers = nil
        return shown
    }
}

extension ColumnProfile.Item {
    /// With a time as its text.
    fileprivate func told(_ kind: ColumnProfile.Kind) -> ColumnProfile.Item {
        guard kind.isTime, let number else { return self }
        var told = self
        told.number = nil
        told.text = kind.cellText(number)
        return told
    }
}

extension ColumnProfile.Spelling {
    /// As above; that a cell is empty is shown.
    fileprivate var hidingText: ColumnProfile.Spelling {
        ColumnProfile.Spelling(text: text.isEmpty ? "" : hiddenCell, count: count)
    }
}
