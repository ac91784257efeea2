package import Domain

/// The digest of a dataset's pinned content: its files' paths and digests, ordered by path.
package func digest(of manifest: DatasetManifest) -> Digest {
    let files = manifest.files.sorted { isBefore($0.path, $1.path) }
    return Digest(
        bytes: sha256(
            "slipway-dataset-v1",
            .array(files.map { .array([.string($0.path), .string($0.sha256.hex)]) })))
}

/// The fingerprint of everything that a validation verdict of the dataset follows from.
///
/// `found` are the dataset's files that the commit itself holds: a file that changed while its
/// manifest did not is other data, whatever digest the manifest claims. `references` are those of
/// the datasets that its keys and checks name.
package func validationFingerprint(
    of manifest: DatasetManifest, found: [TreeFile] = [],
    references: [DatasetName: Fingerprint] = [:]
) -> Fingerprint {
    let files = manifest.files.sorted { isBefore($0.path, $1.path) }
    let checks = manifest.checks
    var members: [String: JSONValue] = [
        "checks": .object([
            "missing_share_max": number(checks.missingShareMax),
            "missing_values": .array(checks.missingValues.map { .string($0) }),
            "row_count_max": integer(checks.rowCountMax),
            "row_count_min": integer(checks.rowCountMin),
        ]),
        "columns": .array(manifest.columns.map(canonical)),
        "files": .array(
            files.map { file in
                let size = file.sizeBytes.map { [JSONValue.integer(Int64($0))] } ?? []
                return .array(
                    [.string(file.path), .string(file.sha256.hex), integer(file.rows)] + size)
            }),
        "format": .string(manifest.format.rawValue),
        "found": .array(found.map(\.canonical)),
        // Because a report names both.
        "manifest": .string(manifest.path), "name": .string(manifest.name.text),
    ]
    members.merge(furtherExpectations(manifest)) { $1 }
    if !references.isEmpty {
        let named = references.map { ($0.key.text, JSONValue.string($0.value.hex)) }
        members["references"] = .object(Dictionary(uniqueKeysWithValues: named))
    }
    return Fingerprint(bytes: sha256("slipway-validation-v2", .object(members)))
}

/// What a manifest says beyond the first keys; nothing where it says nothing, so that what is
/// known of older manifests stays known.
private func furtherExpectations(_ manifest: DatasetManifest) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    if let label = manifest.label { members["label"] = .string(label) }
    if manifest.columnMatch != .exact {
        members["columns_match"] = .string(manifest.columnMatch.rawValue)
    }
    if let columns = manifest.checks.columnCount {
        members["column_count"] = .array([
            integer(columns.min), integer(columns.max), .string(columns.severity.rawValue),
        ])
    }
    // Because those of what it is prepared from are hidden here too.
    let classified = Set(manifest.classifiedColumns.map(\.name))
    if !classified.isEmpty { members["private"] = texts(classified.sorted(by: isBefore)) }
    if manifest.unit != .line { members["unit"] = .string(manifest.unit.rawValue) }
    let dialect = manifest.dialect
    if dialect != TableDialect() {
        members["dialect"] = .array([
            .string(dialect.delimiter), .string(dialect.quote), .string(dialect.encoding.rawValue),
        ])
    }
    if !manifest.rules.isEmpty {
        members["rules"] = .array(manifest.rules.map(canonical))
    }
    if !manifest.keys.isEmpty { members["keys"] = canonical(manifest.keys) }
    members.merge(severities(manifest.checks)) { $1 }
    if let served = manifest.served {
        members["served"] = .array([
            .string(served.dataset.text), .object(served.fields.mapValues { .string($0) }),
        ])
    }
    let named = manifest.checks.named
    if !named.isEmpty { members["named_checks"] = .array(named.map(canonical)) }
    return members
}

private func canonical(_ rule: RowRule) -> JSONValue {
    let strictness = rule.strictness
    var members: [JSONValue] = [
        .string(rule.name), .string(rule.expression), .string(strictness.severity.rawValue),
        .number(strictness.mostly ?? 1),
    ]
    if strictness.maxRows != nil { members.append(integer(strictness.maxRows)) }
    return .array(members)
}

private func severities(_ checks: DatasetChecks) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    if checks.missingRowsMax != nil {
        members["missing_rows_max"] = integer(checks.missingRowsMax)
    }
    for (name, severity) in [
        ("row_count", checks.rowCountSeverity), ("missing_share", checks.missingShareSeverity),
        ("columns", checks.columnsSeverity),
    ] where severity != .fail {
        members["\(name)_severity"] = .string(severity.rawValue)
    }
    return members
}

private func canonical(_ keys: RowKeys) -> JSONValue {
    var members: [String: JSONValue] = [
        "foreign": .array(
            keys.foreign.map { key -> JSONValue in
                let names = [
                    texts(key.columns), textOrNull(key.dataset?.text), texts(key.references),
                ]
                return .array(names + canonical(key.strictness))
            }),
        "primary": texts(keys.primary), "sorted_by": texts(keys.sortedBy),
        "unique": .array(
            keys.unique.map { key -> JSONValue in
                let strictness: [JSONValue] = canonical(key.strictness)
                return strictness.isEmpty
                    ? texts(key.columns) : .array([texts(key.columns)] + strictness)
            }),
    ]
    for (name, strictness) in [
        ("primary", keys.primaryStrictness), ("sorted_by", keys.sortedStrictness),
    ] where strictness != Strictness() {
        members["\(name)_strictness"] = .array(canonical(strictness))
    }
    return .object(members)
}

/// Nothing where it is as strict as by default.
private func canonical(_ strictness: Strictness) -> [JSONValue] {
    guard strictness != Strictness() else { return [] }
    return [
        .string(strictness.severity.rawValue), number(strictness.mostly),
        integer(strictness.maxRows),
    ]
}

private func canonical(_ check: DataCheck) -> JSONValue {
    var members: [String: JSONValue] = [
        "columns": texts(check.columns), "fail": number(check.fail), "max": number(check.max),
        "min": number(check.min), "name": .string(check.name.rawValue),
        "parameter": number(check.parameter), "scale": textOrNull(check.scale?.rawValue),
        "severity": textOrNull(check.severity?.rawValue), "warn": number(check.warn),
        "with": textOrNull(check.dataset?.text),
    ]
    if check.maxRows != nil { members["max_rows"] = integer(check.maxRows) }
    if let expected = check.expected { members["is"] = .string(expected) }
    if let against = check.against { members["against"] = .string(against.description) }
    if let measure = check.measure { members["measure"] = .string(measure.rawValue) }
    if !check.kinds.isEmpty { members["kinds"] = texts(check.kinds.map(\.rawValue)) }
    return .object(members)
}

private func canonical(_ column: ColumnDeclaration) -> JSONValue {
    var members: [String: JSONValue] = [
        "max": number(column.max), "min": number(column.min), "name": .string(column.name),
        "pattern": textOrNull(column.pattern), "required": .bool(column.required),
        "type": .string(column.type.rawValue), "unique": .bool(column.unique),
        "values": column.values.map(texts) ?? .null,
    ]
    if column.excludesMin { members["excludes_min"] = .bool(true) }
    if column.excludesMax { members["excludes_max"] = .bool(true) }
    if column.minLength != nil { members["min_length"] = integer(column.minLength) }
    if column.maxLength != nil { members["max_length"] = integer(column.maxLength) }
    if let format = column.format { members["format"] = .string(format.rawValue) }
    if let rank = column.classification { members["classification"] = .string(rank.rawValue) }
    let strictness = column.strictness
    if strictness.severity != .fail {
        members["severity"] = .string(strictness.severity.rawValue)
    }
    if let mostly = strictness.mostly, mostly != 1 { members["mostly"] = .number(mostly) }
    if strictness.maxRows != nil { members["max_rows"] = integer(strictness.maxRows) }
    if column.earliest != nil { members["earliest"] = textOrNull(column.earliest) }
    if column.latest != nil { members["latest"] = textOrNull(column.latest) }
    if let missing = column.missingValues { members["missing_values"] = texts(missing) }
    if column.notation != CellNotation() { members["notation"] = canonical(column.notation) }
    return .object(members)
}

private func canonical(_ notation: CellNotation) -> JSONValue {
    .object([
        "bare_number": .bool(notation.isBareNumber),
        "decimal_char": textOrNull(notation.decimalChar),
        "false_values": texts(notation.falseValues),
        "group_char": textOrNull(notation.groupChar), "pattern": textOrNull(notation.pattern),
        "true_values": texts(notation.trueValues),
    ])
}

private func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

private func number(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }

private func integer(_ integer: Int?) -> JSONValue {
    integer.map { .integer(Int64($0)) } ?? .null
}
