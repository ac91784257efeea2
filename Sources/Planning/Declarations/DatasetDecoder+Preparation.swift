import Domain

extension DatasetDecoder {
    /// Reads what the rows are made of. Own files are named by the dataset's own name, until they
    /// are known.
    mutating func readPreparation(_ root: YAMLNode, into draft: inout DatasetDraft) {
        let own = draft.manifest.name
        let from = root["from"]
        guard let list = root["prepare"] else {
            if let from { report(from, "`from` needs `prepare`", hint: "prepare: [{split: …}]") }
            return
        }
        if list.items.isEmpty { report(list, "`prepare` has no step") }
        var source = own
        if let from, let name = from.text.flatMap(DatasetName.init) {
            source = name
            if name == own { report(from, "`\(own)` cannot be prepared from itself") }
            for key in ["files", "source", "follow", "format", "dialect", "unit"] {
                guard let other = root.entry(key) else { continue }
                diagnostics.append(
                    Diagnostic(
                        at: other.place(in: file), "`from` tells the rows, and `\(key)` does too",
                        hint: "take one out"))
            }
            draft.origin = .prepared
        }
        let names = Set(draft.manifest.knownColumns.map(\.name))
        var steps: [PreparationStep] = []
        for item in list.items {
            guard let step = step(item) else { continue }
            refuseUnknown(step.columns, item, names)
            steps.append(step)
        }
        draft.manifest.preparation = DataPreparation(
            source: .named(source), steps: steps, place: (from ?? list).place(in: file))
    }

    private mutating func step(_ item: YAMLNode) -> PreparationStep? {
        let known = item.entries.filter { preparationKeys.key($0.key) != nil }
        guard let entry = known.first, item.entries.count == 1 else {
            if item.entries.count != 1, case .table = item.value {
                report(
                    item, "an item of `prepare` is one step, found \(item.entries.count) keys",
                    hint: "- drop_missing: {columns: [mass]}")
            }
            return nil
        }
        let node = entry.value
        if node["columns"] == nil, needsColumns(entry.key) {
            // Because the key's shape says it where there is anything at all.
            if node.value == .null { report(item, "`\(entry.key)` needs `columns`") }
            return nil
        }
        return action(entry.key, node, item).map {
            PreparationStep($0, place: entry.place(in: file))
        }
    }

    private func needsColumns(_ step: String) -> Bool {
        ![
            "drop_missing", "drop_duplicates", "sample", "split", "resize_images",
            "convert_images",
        ].contains(step)
    }

    private mutating func action(
        _ name: String, _ node: YAMLNode, _ item: YAMLNode
    ) -> PreparationStep.Action? {
        let columns = labels(node["columns"])
        switch name {
        case "convert": return conversion(node, columns).map { .convert($0) }
        case "fill_missing": return fill(node, columns).map { .fillMissing($0) }
        case "drop_missing":
            return .dropMissing(MissingDrop(columns: columns, onlyAll: node["when"]?.text == "all"))
        case "drop_duplicates":
            let keep = node["keep"]?.text.flatMap(DuplicateDrop.Keep.init)
            return .dropDuplicates(DuplicateDrop(columns: columns, keep: keep ?? .first))
        case "merge_duplicates": return .mergeDuplicates(merge(node, columns))
        case "clip_outliers": return bounds(node, columns).map { .clipOutliers($0) }
        case "drop_outliers": return bounds(node, columns).map { .dropOutliers($0) }
        case "normalise_text": return .normaliseText(normalisation(node, columns))
        case "sample": return sampling(node, item).map { .sample($0) }
        case "split": return split(node, columns, item).map { .split($0) }
        case "resize_images": return resizing(node).map { .resizeImages($0) }
        case "convert_images": return .convertImages(pictures(node))
        default: return nil
        }
    }

    func labels(_ node: YAMLNode?) -> [String] { node?.items.compactMap(\.label) ?? [] }

    // MARK: Cells

    private mutating func conversion(_ node: YAMLNode, _ columns: [String]) -> CellConversion? {
        guard let kind = node["to"]?.text.flatMap(ColumnDeclaration.Kind.init) else { return nil }
        var found = CellConversion(columns: columns, kind: kind)
        let isNumber = kind == .integer || kind == .number
        for key in ["decimal_comma", "thousands"] where !isNumber {
            guard let other = node[key] else { continue }
            report(other, "`\(key)` needs `to: number` or `to: integer`")
        }
        for key in ["true_values", "false_values"] where kind != .boolean {
            guard let other = node[key] else { continue }
            report(other, "`\(key)` needs `to: boolean`")
        }
        found.decimalComma = node["decimal_comma"]?.flag ?? false
        if let mark = node["thousands"], let text = mark.text {
            let point = found.decimalComma ? "," : "."
            let isDigit = text.utf8.first.map { (48...57).contains($0) } ?? false
            if text.utf8.count != 1 || text == point || isDigit {
                report(
                    mark, "`thousands` must be one ASCII character that stands between digits",
                    hint: "thousands: \".\", with `decimal_comma: true`")
            }
            found.thousands = text
        }
        if let words = node["true_values"] { found.trueWords = labels(words) }
        if let words = node["false_values"] { found.falseWords = labels(words) }
        let (yes, no) = (found.trueWords.map { $0.lowercased() }, found.falseWords)
        if let both = no.first(where: { yes.contains($0.lowercased()) }) {
            report(node, "`\(quoted(both))` means true and false")
        }
        if let form = node["format"], let text = form.text {
            if kind != .date && kind != .datetime {
                report(form, "`format` needs `to: date` or `to: datetime`")
            } else if let problem = DateForm.problem(text) {
                report(form, "`format: \(quoted(text))` \(problem)", hint: "format: \"%d.%m.%Y\"")
            }
            found.form = text
        }
        found.invalid = node["invalid"]?.text.flatMap(CellConversion.Invalid.init) ?? .fail
        return found
    }

    private mutating func fill(_ node: YAMLNode, _ columns: [String]) -> MissingFill? {
        switch (node["value"], node["with"]) {
        case (let value?, nil):
            guard let text = value.label else { return nil }
            if text.isEmpty {
                report(value, "`value` is empty, which is missing again")
                return nil
            }
            let kind: MissingFill.ScalarKind =
                switch value.value {
                case .bool: .boolean
                case .integer, .number: .number
                case .text, .null, .list, .table: .string
                }
            return MissingFill(columns: columns, filling: .value(text, kind))
        case (nil, let statistic?):
            return statistic.text.flatMap(MissingFill.Statistic.init).map {
                MissingFill(columns: columns, filling: .statistic($0))
            }
        case (nil, nil), (_?, _?):
            report(
                node, "`fill_missing` needs either `value` or `with`",
                hint: "{columns: [sex], value: unknown}")
            return nil
        }
    }

    private mutating func normalisation(
        _ node: YAMLNode, _ columns: [String]
    ) -> TextNormalisation {
        let found = TextNormalisation(
            columns: columns, form: node["form"]?.text.flatMap(TextNormalisation.Form.init),
            letterCase: node["case"]?.text.flatMap(TextNormalisation.LetterCase.init),
            trims: node["trim"]?.flag ?? false,
            collapsesSpaces: node["collapse_spaces"]?.flag ?? false)
        if found.form == nil, found.letterCase == nil, !found.trims, !found.collapsesSpaces {
            report(
                node, "`normalise_text` says nothing to do",
                hint: "form: nfc, case: lower, trim: true, collapse_spaces: true")
        }
        return found
    }

    private mutating func bounds(_ node: YAMLNode, _ columns: [String]) -> OutlierBounds? {
        let (least, most) = (node["min"]?.number, node["max"]?.number)
        let hasRange = least != nil || most != nil
        let method = node["method"]?.text ?? (hasRange ? "range" : "tukey")
        let fitting = ["tukey": ["k"], "robust_z": ["threshold"], "range": ["min", "max"]]
        for key in ["k", "threshold", "min", "max"] {
            guard let other = node[key], !(fitting[method] ?? []).contains(key) else { continue }
            report(other, "`\(key)` means nothing with `method: \(method)`")
        }
        switch method {
        case "robust_z":
            return OutlierBounds(
                columns: columns, method: .robustZ(threshold: node["threshold"]?.number ?? 3.5))
        case "range":
            if !hasRange { report(node, "`method: range` needs `min` or `max`") }
            checkOrder(node, least: least, most: most)
            return OutlierBounds(columns: columns, method: .range(min: least, max: most))
        default:
            return OutlierBounds(columns: columns, method: .tukey(k: node["k"]?.number ?? 3))
        }
    }

    private mutating func merge(_ node: YAMLNode, _ columns: [String]) -> DuplicateMerge {
        var rules: [DuplicateMerge.ColumnRule] = []
        for entry in node["take"]?.entries ?? [] {
            guard let rule = entry.value.text.flatMap(DuplicateMerge.Rule.init) else { continue }
            if columns.contains(entry.key) {
                report(node, "`\(quoted(entry.key))` is equal in the rows that become one")
            }
            rules.append(.init(column: entry.key, rule: rule))
        }
        return DuplicateMerge(columns: columns, rules: rules)
    }
}
