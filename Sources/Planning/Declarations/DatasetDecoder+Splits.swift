import Domain

extension DatasetDecoder {
    mutating func sampling(_ node: YAMLNode, _ item: YAMLNode) -> RowSampling? {
        let size: RowSampling.Size
        switch (node["share"]?.number, node["rows"]?.integer) {
        case (let share?, nil): size = .share(share)
        case (nil, let rows?): size = .rows(rows)
        default:
            report(item, "`sample` needs either `share` or `rows`", hint: "sample: {share: 0.1}")
            return nil
        }
        let found = RowSampling(
            size: size, seed: node["seed"]?.integer ?? 0, strata: labels(node["stratify"]),
            weight: node["weight"]?.label, key: labels(node["key"]))
        let ways = ["stratify", "weight", "key"].filter { node[$0] != nil }
        if ways.count > 1 {
            report(node, "`\(ways[0])` and `\(ways[1])` cannot both decide", hint: "keep one")
        }
        if !found.key.isEmpty, case .rows = size {
            report(node, "`key` needs `share`: how many rows it draws is known when all are read")
        }
        return found
    }

    mutating func split(_ node: YAMLNode, _ columns: [String], _ item: YAMLNode) -> RowSplit? {
        guard let part = node["part"]?.label, let table = node["parts"] else {
            // Because the key's shape says it where there is anything at all.
            if node.value == .null { report(item, "`split` needs `part` and `parts`") }
            return nil
        }
        let method = node["by"]?.text.flatMap(RowSplit.Method.init) ?? .random
        checkColumns(method, columns, node)
        var parts: [RowSplit.Part] = []
        for entry in table.entries {
            guard let bound = bound(entry.value) else { continue }
            parts.append(RowSplit.Part(name: entry.key, bound: bound))
        }
        if parts.count < 2 {
            report(table, "`parts` needs at least two", hint: "parts: {train: 0.8, test: 0.2}")
        } else {
            check(parts, method, table)
        }
        if !parts.contains(where: { $0.name == part }) {
            let known = parts.map(\.name)
            let meant = nearest(to: part, among: known).map { "; did you mean `\(quoted($0))`?" }
            report(
                node["part"] ?? node, "`parts` has no `\(quoted(part))`" + (meant ?? ""),
                hint: "known here: " + known.map(quoted).joined(separator: ", "))
        }
        return RowSplit(
            part: part, parts: parts, method: method, columns: columns,
            seed: node["seed"]?.integer ?? 0)
    }

    private mutating func checkColumns(
        _ method: RowSplit.Method, _ columns: [String], _ node: YAMLNode
    ) {
        switch method {
        case .random where !columns.isEmpty:
            report(
                node["columns"] ?? node, "`columns` means nothing with `by: random`",
                hint: "by: stratified, group or hash")
        case .stratified where columns.isEmpty, .group where columns.isEmpty,
            .hash where columns.isEmpty:
            report(node, "`by: \(method.rawValue)` needs `columns`", hint: "columns: [customer]")
        case .time where columns.count != 1:
            report(node, "`by: time` needs one of `columns`", hint: "columns: [created_at]")
        case .random, .stratified, .group, .hash, .time: break
        }
    }

    private mutating func bound(_ node: YAMLNode) -> RowSplit.Part.Bound? {
        if let share = node.number {
            if share > 0, share < 1 { return .share(share) }
            report(node, "a share is above 0 and below 1, found `\(quoted(node.source))`")
            return nil
        }
        guard let text = node.text else { return nil }
        if text == "rest" { return .rest }
        let bytes = Array(text.utf8)
        guard
            dateValue(bytes.span, bytes.indices) != nil
                || momentValue(bytes.span, bytes.indices) != nil
        else {
            report(
                node, "`\(quoted(text))` is no share, no day and no moment",
                hint: "0.8, 2026-01-31, 2026-01-31T12:00:00Z, or rest")
            return nil
        }
        return .until(text)
    }

    private mutating func check(
        _ parts: [RowSplit.Part], _ method: RowSplit.Method, _ table: YAMLNode
    ) {
        var (shares, moments, rests) = (0.0, [Int128](), 0)
        for part in parts {
            switch part.bound {
            case .share(let share): shares += share
            case .until(let text): moments.append(moment(text))
            case .rest: rests += 1
            }
        }
        if moments.isEmpty {
            if rests > 1 || rests == 1 && parts.last?.bound != .rest {
                report(table, "only the last of `parts` can be `rest`")
            } else if rests == 1 ? shares > 1 - 1e-9 : (shares - 1).magnitude > 1e-9 {
                report(table, "the shares of `parts` add up to \(shares), not to 1")
            }
            return
        }
        if method != .time {
            report(table, "a moment needs `by: time`")
        } else if moments.count != parts.count - 1 || parts.last?.bound != .rest {
            report(
                table, "where one part ends at a moment, all do, and the last is `rest`",
                hint: "parts: {train: 2026-01-01, test: rest}")
        } else if zip(moments, moments.dropFirst()).contains(where: { $0 >= $1 }) {
            report(table, "each part must end later than the one before")
        }
    }

    private func moment(_ text: String) -> Int128 {
        let bytes = Array(text.utf8)
        if let date = dateValue(bytes.span, bytes.indices) { return firstMoment(ofDate: date) }
        return momentValue(bytes.span, bytes.indices) ?? 0
    }
}
