import Domain

/// What to do about texts that a check cannot judge.
extension CheckRun {
    func isDeclared(_ column: String) -> Bool {
        manifest.columns.contains { $0.name == column }
    }

    /// Whether the column holds texts because nobody declared what it holds; typed files say it.
    func isUntyped(_ column: ColumnProfile) -> Bool {
        switch manifest.format {
        case .csv, .jsonl: column.kind == .text && column.type == nil
        case .parquet, .arrow, .images, .text: false
        }
    }

    /// Where a measure of numbers fits no column; nil: nothing but another check.
    var remedyOfNoNumbers: String? {
        guard profile.columns.contains(where: isUntyped) else { return nil }
        return "declare `type: number` (or `integer`) for columns of numbers under `columns:`, or "
            + "leave the check out"
    }

    /// Where a measure of numbers is asked of a column; nil: its type is known.
    func remedyOfTexts(_ column: ColumnProfile, _ check: DataCheck.Name) -> String? {
        guard isUntyped(column) else { return nil }
        if let time = column.timesLookedLike, check.misfit(time) == nil {
            return "\(column.declaring("`type: \(time.rawValue)`")), or leave the check out"
        }
        let doubt = column.looksLikeNumbers ? "" : " if it holds numbers"
        return "\(column.declaring("`type: number` (or `integer`)"))\(doubt), or leave the check "
            + "out"
    }

    /// Where they are too many different ones to be categories.
    func remedyOfManyValues(_ column: ColumnProfile) -> String {
        let other = "leave the column out of the check, or ask for `distinct_change`"
        guard isUntyped(column) else { return other }
        if let time = column.timesLookedLike {
            return "they look like \(time.noun): "
                + "\(column.declaring("`type: \(time.rawValue)`")), or \(other)"
        }
        return column.looksLikeNumbers
            ? "they look like numbers: \(column.declaring("`type: number`")), or \(other)"
            : "\(column.declaring("`type: number`")) if it holds numbers, or \(other)"
    }
}

extension ColumnProfile {
    fileprivate func declaring(_ type: String) -> String {
        "declare \(type) for `\(oneLine(name, charactersMax: 60))` under `columns:`"
    }

    /// All values that are listed are numbers as a column of numbers has them.
    var looksLikeNumbers: Bool { areListed { numberValue($0, $1) != nil } }

    /// What all values that are listed are as a column of times has them; nil: they are not.
    fileprivate var timesLookedLike: Kind? {
        if areListed(isDate) { return .date }
        return areListed(isDateTime) ? .datetime : nil
    }

    private func areListed(_ isOne: (Span<UInt8>, Range<Int>) -> Bool) -> Bool {
        !values.items.isEmpty
            && values.items.allSatisfy { item in
                guard let text = item.text else { return false }
                let bytes = Array(text.utf8)
                return isOne(bytes.span, bytes.indices)
            }
    }
}
