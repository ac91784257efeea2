import Domain

/// The columns of a dataset that is made of another by steps.
///
/// No step takes a column away, adds one or moves one. What becomes of the type of each follows
/// from the steps alone, so that a plan needs no data. Of what the source's manifest says of a
/// column the result has what its cells are: the type, the classification, the form and the
/// notation, with the severity of what is wrong with them. Bounds, allowed values and the like are
/// the source's own.
extension DatasetManifest {
    /// These columns with those of the source that are not declared here.
    func columns(
        inheriting source: DatasetManifest, through steps: [PreparationStep]
    ) -> [ColumnDeclaration] {
        let own = Dictionary(columns.map { ($0.name, $0) }) { first, _ in first }
        let names = Set(source.columns.map(\.name))
        let isWhole = names.isSubset(of: own.keys)
        guard !isWhole, columns.isEmpty || source.tellsColumns(to: self) else { return columns }
        let writesText = source.format != .jsonl
        return source.columns.map { column in
            own[column.name]
                ?? steps.reduce(column.inherited) { $0.after($1.action, isText: writesText) }
        } + columns.filter { !names.contains($0.name) }
    }

    /// Whether the files have the columns that are declared here where a manifest that is made of
    /// this one needs them to: there, and in their order.
    private func tellsColumns(to made: DatasetManifest) -> Bool {
        made.columnMatch == .exact ? columnMatch == .exact : !columnMatch.allowsFewer
    }
}

extension ColumnDeclaration {
    /// What the column of a dataset that is made of this one's has before any step.
    fileprivate var inherited: ColumnDeclaration {
        var column = ColumnDeclaration(name: name, type: type, place: place)
        column.classification = classification
        column.format = format
        column.notation = notation
        // Because of a part of the rows a greater share may be wrong.
        column.strictness = strictness
        if (strictness.mostly ?? 1) < 1 || (strictness.maxRows ?? 0) > 0 {
            column.strictness.severity = .warn
        }
        return column
    }

    /// What a step makes of it.
    ///
    /// - Parameter isText: cells are texts of a table, and not values of JSON.
    fileprivate func after(_ action: PreparationStep.Action, isText: Bool) -> ColumnDeclaration {
        var column = self
        switch action {
        case .convert(let it) where it.columns.contains(name):
            column.convert(to: it.kind)
        case .fillMissing(let it) where it.columns.contains(name):
            column.fill(it.filling, isText: isText)
        case .mergeDuplicates(let it):
            guard let rule = it.rules.first(where: { $0.column == name })?.rule else { break }
            // The sum of integers may be beyond 64 bits.
            if rule == .mean || rule == .sum { column.becomeNumbers(isText: isText) }
        case .clipOutliers(let it) where it.columns.contains(name):
            column.becomeNumbers(isText: isText)
        case .normaliseText(let it) where it.columns.contains(name):
            column.normalise(isText: isText)
        case .convert, .fillMissing, .clipOutliers, .normaliseText, .dropMissing, .dropDuplicates,
            .dropOutliers, .sample, .split, .resizeImages, .convertImages:
            break
        }
        return column
    }

    private mutating func convert(to kind: Kind) {
        type = kind
        format = nil
        notation = CellNotation()
    }

    private mutating func fill(_ filling: MissingFill.Filling, isText: Bool) {
        switch filling {
        case .statistic(.mean), .statistic(.median): becomeNumbers(isText: isText)
        case .statistic(.mode), .statistic(.previous): break
        case .value(let text, let kind):
            format = nil
            let isOfType = notation == CellNotation() && holds(text, kind, isText: isText)
            if !isOfType { becomeAny(isText: isText) }
        }
    }

    private mutating func normalise(isText: Bool) {
        format = nil
        // Of JSON only strings are normalised.
        let isJSON = isText && (type == .array || type == .object)
        if isJSON || notation != CellNotation() { becomeAny(isText: isText) }
    }

    /// Some of the cells become numbers, which are written with a point and without groups.
    private mutating func becomeNumbers(isText: Bool) {
        if notation != CellNotation() {
            becomeAny(isText: isText)
        } else if type == .integer {
            type = .number
        }
    }

    /// Cells may be anything from here on.
    private mutating func becomeAny(isText: Bool) {
        type = isText ? .string : .any
        format = nil
        notation = CellNotation()
    }

    /// Whether a value is one of the type.
    private func holds(_ text: String, _ kind: MissingFill.ScalarKind, isText: Bool) -> Bool {
        switch type {
        case .integer: (isText || kind == .number) && Int64(text) != nil
        case .number: (isText || kind == .number) && Double(text)?.isFinite ?? false
        case .boolean: (isText || kind == .boolean) && ["true", "false"].contains(text)
        case .string: isText || kind == .string
        case .date: (isText || kind == .string) && boundMoment(text) != nil && text.count == 10
        case .datetime: (isText || kind == .string) && boundMoment(text) != nil && text.count > 10
        case .array, .object: false
        case .any: true
        }
    }
}
