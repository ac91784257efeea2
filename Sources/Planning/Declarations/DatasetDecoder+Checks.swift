import Domain

extension DatasetDecoder {
    /// What `checks:` asks for by name, in the order of the manifest.
    mutating func namedChecks(
        _ node: YAMLNode, _ columns: Set<String>, _ fit: CheckFit
    ) -> [DataCheck] {
        var checks: [DataCheck] = []
        for entry in node.entries {
            guard let name = DataCheck.Name(rawValue: entry.key) else { continue }
            let items = entry.value.items
            for item in items.isEmpty ? [entry.value] : items {
                var check = read(item, name, at: entry.place(in: file))
                check.place =
                    item.value == .null ? entry.place(in: file) : item.place(in: file)
                refuseUnknown(check.columns, item["columns"] ?? item, columns)
                judge(check, item)
                diagnostics += fit.problems(check, item, entry, file: file)
                checks.append(check)
            }
        }
        return checks
    }

    private func read(_ item: YAMLNode, _ name: DataCheck.Name, at place: Place) -> DataCheck {
        var check = DataCheck(name, place: place)
        check.columns = item["columns"]?.items.compactMap(\.label) ?? []
        check.severity = item.severity
        check.maxRows = item["max_rows"]?.integer
        check.min = item["min"]?.number
        check.max =
            name == .freshness
            ? item["max"]?.text.flatMap(durationSeconds).map(Double.init) : item["max"]?.number
        check.expected = item["is"]?.text
        check.warn = item["warn"]?.number
        check.fail = item["fail"]?.number
        check.parameter = name.parameter.flatMap { item[$0.name]?.number }
        check.scale = item["scale"]?.text.flatMap(DataCheck.Scale.init(rawValue:))
        check.kinds =
            item["kinds"]?.items.compactMap { $0.text.flatMap(PrivateKind.init(rawValue:)) } ?? []
        check.dataset = item["with"]?.text.flatMap(DatasetName.init)
        check.against = item["against"]?.text.flatMap(NamedBaseline.init)
        check.measure = item["measure"]?.text.flatMap(DataCheck.Name.init(rawValue:))
        return check
    }

    /// Reports what no shape tells.
    private mutating func judge(_ check: DataCheck, _ item: YAMLNode) {
        checkOrder(item, least: check.min, most: check.max)
        let isBound: Bool =
            switch check.name {
            case .mean, .stdev, .sum, .min, .max, .quantile, .distinctCount: true
            default: false
            }
        if isBound, check.min == nil, check.max == nil {
            report(
                item, "`\(check.name.rawValue)` says neither `min` nor `max`",
                hint: "{columns: [amount], min: 0, max: 100}")
        }
        if check.name == .quantile, !(0...1).contains(check.parameter ?? -1) {
            report(item, "`quantile` needs a `share` from 0 to 1", hint: "share: 0.5")
        }
        if check.name == .outliersRare, let share = check.parameter, share > 1 {
            report(item["share"] ?? item, "`share` is a part of 1", hint: "share: 0.001")
        }
        if check.name == .datasetDrift, check.max == 0 {
            report(
                item["max"] ?? item,
                "`dataset_drift` is less than its limit, and nothing is under 0",
                hint: "max: 0.01")
        }
        if check.name == .mixedTypes { judgeBand(check, item) }
        if check.name == .nearDuplicates, let limit = check.parameter, limit <= 0 || limit > 1 {
            report(
                item["similarity"] ?? item, "`similarity` is above 0 and at most 1",
                hint: "similarity: 0.8")
        }
        if check.name == .labelNoise, let margin = check.parameter, margin <= 0 || margin > 1 {
            report(
                item["margin"] ?? item, "`margin` is above 0 and at most 1", hint: "margin: 0.5")
        }
        if let node = item["is"], let digest = node.text, !isRowSetDigest(digest, "v3") {
            let isEarlier = isRowSetDigest(digest, "v1") || isRowSetDigest(digest, "v2")
            report(
                node,
                "`\(quoted(digest))` is "
                    + (isEarlier ? "a digest of an earlier version" : "no digest of rows"),
                hint: "v3-<32 hexadecimal digits>-<rows>, as slipway check --json shows it without "
                    + "`is:`")
        }
        if let example = check.name.neededColumns, check.columns.isEmpty {
            report(item, "`\(check.name.rawValue)` needs `columns`", hint: example)
        }
        if let node = item["against"], let text = node.text, check.against == nil {
            report(
                node, "`against: \(quoted(text))` is neither a version nor the name of a dataset",
                hint: "against: v1.2.0")
        }
        judgeLimits(check, item)
    }

    /// Reports limits that do not go with each other, or not with the severity.
    private mutating func judgeLimits(_ check: DataCheck, _ item: YAMLNode) {
        judgeLimits(item, share: "max", lets: check.max.map { $0 > 0 }, check.maxRows)
        switch (check.severity, check.warn, check.fail) {
        case (.warn, _, let fail?):
            report(
                item["fail"] ?? item, "with `severity: warn` nothing fails over `fail`",
                hint: "warn: \(shortest(fail)), or no `severity`")
        case (.fail, let warn?, nil):
            report(
                item["warn"] ?? item, "with `severity: fail` the limit is `fail`, not `warn`",
                hint: "fail: \(shortest(warn)), or both limits")
        case (_, let warn?, let fail?) where warn > fail:
            report(item["warn"] ?? item, "`warn` is above `fail`")
        default: break
        }
    }

    /// Between `max` and `meant` of `mixed_types` there must be something.
    private mutating func judgeBand(_ check: DataCheck, _ item: YAMLNode) {
        let least = check.max ?? (check.maxRows == nil ? 0.01 : 0)
        guard let meant = check.parameter else {
            guard least >= 0.1 else { return }
            return report(
                item["max"] ?? item, "`max` is not below `meant`, which is 0.1 by default",
                hint: "say `meant` too, above `max`")
        }
        guard meant <= least || meant > 1 else { return }
        report(item["meant"] ?? item, "`meant` is above `max` and at most 1", hint: "meant: 0.1")
    }

    /// Without declared columns any name may stand in the files.
    mutating func refuseUnknown(_ names: [String], _ node: YAMLNode, _ columns: Set<String>) {
        guard !columns.isEmpty else { return }
        for name in names where !columns.contains(name) {
            let meant = nearest(to: name, among: columns.sorted())
            report(
                node.items.first { $0.label == name } ?? node,
                "there is no column `\(quoted(name))`"
                    + (meant.map { "; did you mean `\(quoted($0))`?" } ?? ""))
        }
    }

    // MARK: Rows

    mutating func rules(_ node: YAMLNode?) -> [RowRule] {
        var rules: [RowRule] = []
        var names: Set<String> = []
        for item in node?.items ?? [] {
            guard let name = item["name"]?.label, let expression = item["check"],
                let text = expression.text
            else { continue }
            if !names.insert(name).inserted {
                report(item, "the rule `\(quoted(name))` is declared twice")
            }
            rules.append(
                RowRule(
                    name: name, expression: text, strictness: strictness(item),
                    place: expression.place(in: file)))
        }
        return rules
    }

    mutating func keys(_ root: YAMLNode, _ columns: Set<String>) -> RowKeys {
        var keys = RowKeys()
        func names(_ node: YAMLNode?) -> [String] { node?.items.compactMap(\.label) ?? [] }
        for (name, path, strictly) in [
            ("primary_key", \RowKeys.primary, \RowKeys.primaryStrictness),
            ("sorted_by", \RowKeys.sortedBy, \RowKeys.sortedStrictness),
        ] {
            guard let node = root[name] else { continue }
            keys[keyPath: path] = names(node["columns"] ?? node)
            keys[keyPath: strictly] = strictness(node)
            refuseUnknown(keys[keyPath: path], node["columns"] ?? node, columns)
        }
        for item in root["unique_keys"]?.items ?? [] {
            let list = item["columns"] ?? item
            keys.unique.append(UniqueKey(names(list), strictness: strictness(item)))
            refuseUnknown(names(list), list, columns)
        }
        for item in root["foreign_keys"]?.items ?? [] {
            let here = item["columns"] ?? item
            let there = item["references"] ?? here
            var key = ForeignKey(
                columns: names(here), dataset: item["dataset"]?.text.flatMap(DatasetName.init),
                references: names(there), place: (item["dataset"] ?? here).place(in: file),
                referencesPlace: there.place(in: file))
            key.strictness = strictness(item)
            refuseUnknown(key.columns, here, columns)
            if key.dataset == nil, item["references"] != nil {
                refuseUnknown(key.references, there, columns)
            }
            if key.columns.count != key.references.count {
                report(
                    there,
                    "`columns` and `references` name \(key.columns.count) and "
                        + "\(key.references.count) columns", hint: "as many, in the same order")
            }
            keys.foreign.append(key)
        }
        return keys
    }

    mutating func dialect(_ node: YAMLNode?) -> TableDialect {
        var dialect = TableDialect()
        guard let node else { return dialect }
        for (key, path) in [("delimiter", \TableDialect.delimiter), ("quote", \.quote)] {
            guard let item = node[key], let text = item.text else { continue }
            let byte = text.utf8.first
            if text.utf8.count != 1 || byte == 10 || byte == 13 || byte == 0 {
                report(
                    item, "`\(key)` must be one ASCII character, found `\(quoted(text))`",
                    hint: key == "delimiter"
                        ? "delimiter: \";\", or \"\\t\" for a tab" : "quote: \"'\"")
            }
            dialect[keyPath: path] = text
        }
        if dialect.delimiter == dialect.quote {
            report(node, "`delimiter` and `quote` are the same character")
        }
        dialect.encoding =
            node["encoding"]?.text.flatMap(TableDialect.Encoding.init(named:)) ?? .utf8
        return dialect
    }
}

/// Whether a text has the form that digests of rows are written in.
private func isRowSetDigest(_ text: String, _ version: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == version && parts[1].utf8.count == 32
        && parts[1].utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        && Int(parts[2]).map { $0 >= 0 && "\($0)" == parts[2] } ?? false
}

extension DataCheck.Name {
    /// Without columns it says nothing.
    var needsColumns: Bool { neededColumns != nil }

    /// An example of the columns without which a check says nothing; nil: it can do without.
    fileprivate var neededColumns: String? {
        switch self {
        case .keyOverlap: "columns: [customer]"
        case .timeLeakage, .freshness: "columns: [the column of the time]"
        case .nearDuplicates: "columns: [the column of the text]"
        default: nil
        }
    }
}
