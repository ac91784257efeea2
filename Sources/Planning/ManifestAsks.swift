import Domain

/// What one key of a manifest asks of the data, in a form that tells less from more.
struct ManifestAsk: Hashable {
    enum Amount: Hashable {
        /// Asking is more than not asking.
        case flag
        /// Greater asks for more.
        case atLeast(Double)
        /// Smaller asks for more.
        case atMost(Double)
        /// Fewer ask for more.
        case oneOf(Set<String>)
        /// More ask for more.
        case all(Set<String>)
        case type(ColumnDeclaration.Kind)
        case severity(CheckSeverity)
        /// Nobody can tell whether another one asks for less.
        case words(String)
    }

    enum Change: Hashable {
        case notLower, lower
        /// It may ask for less, so that people are told as if it did.
        case unknown
    }

    var text: String
    var amount: Amount
    /// What holds where it is not written is a default and not nothing.
    var hasDefault = false
    /// It stands in the manifest; what does not is said only beside what does.
    var isWritten = true

    /// Whether nobody has to be told that one stands in the place of the other.
    static func isSame(_ old: ManifestAsk?, _ new: ManifestAsk?) -> Bool {
        let isWritten = old?.isWritten ?? false || new?.isWritten ?? false
        return !isWritten || old?.text == new?.text && old?.amount == new?.amount
    }

    /// What a change of one key does; nil: it is not written.
    static func change(_ old: ManifestAsk?, _ new: ManifestAsk?) -> Change {
        switch (old, new) {
        case (let old?, let new?): change(old.amount, new.amount)
        case (let old?, nil): old.hasDefault ? .unknown : .lower
        case (nil, let new?): new.hasDefault ? .unknown : .notLower
        case (nil, nil): .notLower
        }
    }

    private static func change(_ old: Amount, _ new: Amount) -> Change {
        switch (old, new) {
        case (.flag, .flag): .notLower
        case (.atLeast(let old), .atLeast(let new)): new < old ? .lower : .notLower
        case (.atMost(let old), .atMost(let new)): new > old ? .lower : .notLower
        case (.oneOf(let old), .oneOf(let new)): new.isSubset(of: old) ? .notLower : .lower
        case (.all(let old), .all(let new)): new.isSuperset(of: old) ? .notLower : .lower
        case (.type(let old), .type(let new)): change(old, new)
        case (.severity(let old), .severity(let new)):
            old == .fail && new == .warn ? .lower : .notLower
        default: .unknown
        }
    }

    /// Everything is a string, and every integer a number.
    private static func change(
        _ old: ColumnDeclaration.Kind, _ new: ColumnDeclaration.Kind
    ) -> Change {
        if new == old { return .notLower }
        return new == .string || (old == .integer && new == .number) ? .lower : .unknown
    }
}

extension ColumnDeclaration {
    /// What it asks of its cells, by the manifest's keys.
    var asks: [String: ManifestAsk] {
        var asks: [String: ManifestAsk] = [:]
        asks["type"] = ManifestAsk(text: type.rawValue, amount: .type(type))
        if required { asks["required"] = ManifestAsk(text: "true", amount: .flag) }
        if unique { asks["unique"] = ManifestAsk(text: "true", amount: .flag) }
        asks[excludesMin ? "exclusive_min" : "min"] = min.map { .init(least: $0) }
        asks[excludesMax ? "exclusive_max" : "max"] = max.map { .init(most: $0) }
        asks["earliest"] = earliest.map { .init(words: $0) }
        asks["latest"] = latest.map { .init(words: $0) }
        asks["missing_values"] = missingValues.map { .init(words: list($0)) }
        asks["decimal_char"] = notation.decimalChar.map { .init(words: $0) }
        asks["group_char"] = notation.groupChar.map { .init(words: $0) }
        asks["notation"] = notation.pattern.map { .init(words: $0) }
        if !notation.isBareNumber { asks["bare_number"] = .init(words: "false") }
        let truths = [notation.trueValues, notation.falseValues].map(list)
        if truths != ["[]", "[]"] { asks["booleans"] = .init(words: list(truths)) }
        asks["min_length"] = minLength.map { .init(least: Double($0)) }
        asks["max_length"] = maxLength.map { .init(most: Double($0)) }
        asks["values"] = values.map { .init(text: list($0), amount: .oneOf(Set($0))) }
        asks["pattern"] = pattern.map { .init(words: $0) }
        asks["format"] = format.map { .init(words: $0.rawValue) }
        return asks.merging(strictness.asks) { $1 }
    }
}

extension Strictness {
    /// What it asks, by the manifest's keys.
    ///
    /// Without a limit none may be wrong; where one is written, the other one asks for nothing, so
    /// that each of them can be held against what stood there before.
    var asks: [String: ManifestAsk] {
        var share = ManifestAsk(least: mostly ?? (maxRows == nil ? 1 : 0))
        if mostly == nil, maxRows != nil { share.text = "none" }
        share.isWritten = mostly != nil
        var rows = ManifestAsk(most: maxRows.map(Double.init) ?? (mostly == nil ? 0 : .infinity))
        if maxRows == nil { rows.text = mostly == nil ? "default" : "none" }
        rows.isWritten = maxRows != nil
        return ["severity": ManifestAsk(severity), "mostly": share, "max_rows": rows]
    }

    /// The same behind the name of a key.
    func asks(of key: String) -> [String: ManifestAsk] {
        var found: [String: ManifestAsk] = [:]
        for (name, var ask) in asks {
            if ask.amount == .severity(.fail) { (ask.text, ask.isWritten) = ("default", false) }
            found["\(key).\(name)"] = ask
        }
        return found
    }
}

extension ForeignKey {
    /// `[customer] in customers[id]`.
    fileprivate func words(in name: DatasetName) -> String {
        "\(list(columns)) in \(dataset ?? name)\(list(references))"
    }
}

extension DataCheck {
    /// What it asks, by the manifest's keys.
    var asks: [String: ManifestAsk] {
        // Because a statistic without a limit has none, and every other check one of its own.
        let isStatistic =
            switch name {
            case .mean, .stdev, .sum, .min, .max, .quantile, .distinctCount: true
            default: false
            }
        var asks: [String: ManifestAsk] = [:]
        asks["min"] = min.map { .init(least: $0) }
        asks["max"] = max.map { .init(most: $0) }
        asks["max_rows"] = maxRows.map { .init(most: Double($0)) }
        asks["warn"] = warn.map { .init(most: $0) }
        asks["fail"] = fail.map { .init(most: $0) }
        asks["severity"] = severity.map { .init($0) }
        asks["is"] = expected.map { .init(words: $0) }
        asks["with"] = dataset.map { .init(words: $0.text) }
        asks["against"] = against.map { .init(words: $0.description) }
        asks["measure"] = measure.map { .init(words: $0.rawValue) }
        asks["scale"] = scale.map { .init(words: $0.rawValue) }
        asks["parameter"] = parameter.map { .init(words: shortest($0)) }
        if !kinds.isEmpty {
            let names = kinds.map(\.rawValue)
            asks["kinds"] = ManifestAsk(text: list(names), amount: .all(Set(names)))
        }
        for key in asks.keys where !isStatistic || (key != "min" && key != "max") {
            // Because beside a share it is one limit more.
            asks[key]?.hasDefault = key != "max_rows" || max == nil
        }
        return asks
    }
}

extension ManifestAsk {
    init(least: Double) { self.init(text: shortest(least), amount: .atLeast(least)) }

    init(most: Double) { self.init(text: shortest(most), amount: .atMost(most)) }

    init(words: String) { self.init(text: words, amount: .words(words)) }

    init(_ severity: CheckSeverity) {
        self.init(text: severity.rawValue, amount: .severity(severity))
    }
}

extension DatasetManifest {
    /// What it asks beside columns, rules and named checks, by the manifest's keys.
    var asks: [String: ManifestAsk] {
        var asks: [String: ManifestAsk] = [:]
        asks["checks.row_count.min"] = checks.rowCountMin.map { .init(least: Double($0)) }
        asks["checks.row_count.max"] = checks.rowCountMax.map { .init(most: Double($0)) }
        if let columns = checks.columnCount {
            asks["checks.column_count.min"] = columns.min.map { .init(least: Double($0)) }
            asks["checks.column_count.max"] = columns.max.map { .init(most: Double($0)) }
            asks["checks.column_count.severity"] = .init(columns.severity)
        }
        asks["checks.missing_share.max"] = checks.missingShareMax.map { .init(most: $0) }
        asks["checks.missing_share.max_rows"] = checks.missingRowsMax.map {
            .init(most: Double($0))
        }
        asks["checks.columns.match"] = .init(words: columnMatch.rawValue)
        asks["label"] = label.map { .init(words: $0) }
        asks["served"] = served.map { served -> ManifestAsk in
            let fields = served.fields.sorted { isBefore($0.key, $1.key) }
                .map { "\($0.key): \($0.value)" }
            return .init(words: "\(served.dataset) \(list(fields))")
        }
        if !keys.primary.isEmpty { asks["primary_key"] = .init(words: list(keys.primary)) }
        if !keys.sortedBy.isEmpty { asks["sorted_by"] = .init(words: list(keys.sortedBy)) }
        asks["unique_keys"] = .init(all: keys.unique.map { list($0.columns) })
        asks["foreign_keys"] = .init(all: keys.foreign.map { $0.words(in: name) })
        asks["classified"] = .init(
            all: classifiedColumns.map { "\($0.name): \($0.classification?.rawValue ?? "")" })
        return asks.merging(strictnessAsks) { $1 }
    }

    /// How strict it is, where that is not as by default.
    private var strictnessAsks: [String: ManifestAsk] {
        var all = [
            ("checks.row_count", Strictness(checks.rowCountSeverity)),
            ("checks.missing_share", Strictness(checks.missingShareSeverity)),
            ("checks.columns", Strictness(checks.columnsSeverity)),
            ("primary_key", keys.primaryStrictness), ("sorted_by", keys.sortedStrictness),
        ]
        all += keys.unique.map { ("unique_keys.\(list($0.columns))", $0.strictness) }
        all += keys.foreign.map { ("foreign_keys.\($0.words(in: name))", $0.strictness) }
        var (asks, names): ([String: ManifestAsk], Set<String>) = ([:], [])
        for (name, strictness) in all {
            var name = name
            while !names.insert(name).inserted { name += " again" }
            asks.merge(strictness.asks(of: name)) { $1 }
        }
        return asks
    }

    /// What its named checks ask, each by its name and its columns.
    var checkAsks: [String: [String: ManifestAsk]] {
        var found: [String: [String: ManifestAsk]] = [:]
        for check in checks.named {
            var key = check.name.rawValue
            if let share = check.parameter, check.name == .quantile { key += " \(shortest(share))" }
            if !check.columns.isEmpty { key += " of \(check.columns.joined(separator: ", "))" }
            while found[key] != nil { key += " again" }
            found[key] = check.asks
        }
        return found
    }
}

extension RowRule {
    /// What it asks, by the manifest's keys.
    var asks: [String: ManifestAsk] {
        ["check": .init(words: expression)].merging(strictness.asks) { $1 }
    }
}

extension ManifestAsk {
    /// nil: nothing is asked for.
    init?(all texts: [String]) {
        if texts.isEmpty { return nil }
        self.init(text: list(texts), amount: .all(Set(texts)))
    }
}
