package import Domain

/// What prepared data follows from: the data that it begins with, how that is read, and the steps.
///
/// Known without any data. The source is that of the commit's own datasets.
package func preparationFingerprint(
    of steps: [PreparationStep], from source: DatasetManifest
) -> Digest {
    var reading: [String: JSONValue] = [
        "digest": .string(digest(of: source).hex), "format": .string(source.format.rawValue),
        "missing_values": .array(source.checks.missingValues.map { .string($0) }),
        "dialect": .array([
            .string(source.dialect.delimiter), .string(source.dialect.quote),
            .string(source.dialect.encoding.rawValue),
        ]),
    ]
    // Because its columns say which keys of lines are read, and which of them are taken whole.
    if source.format == .jsonl {
        reading["columns"] = .array(
            source.columns.map {
                $0.type.isScalar ? .string($0.name) : .array([.string($0.name), .string("whole")])
            })
    }
    return Digest(
        bytes: sha256(
            "slipway-prepared-v1",
            .object([
                "source": .object(reading), "steps": .array(steps.map(canonical)),
                "version": .integer(Int64(DataPreparation.version)),
            ])))
}

private func canonical(_ step: PreparationStep) -> JSONValue {
    var members: [String: JSONValue] =
        switch step.action {
        case .convert(let it): canonical(it)
        case .fillMissing(let it): ["columns": texts(it.columns), "filling": canonical(it.filling)]
        case .dropMissing(let it):
            ["columns": texts(it.columns), "only_all": .bool(it.onlyAll)]
        case .dropDuplicates(let it):
            ["columns": texts(it.columns), "keep": .string(it.keep.rawValue)]
        case .mergeDuplicates(let it):
            [
                "columns": texts(it.columns),
                "rules": .array(it.rules.map { texts([$0.column, $0.rule.rawValue]) }),
            ]
        case .clipOutliers(let it), .dropOutliers(let it):
            ["columns": texts(it.columns), "method": canonical(it.method)]
        case .normaliseText(let it):
            [
                "case": textOrNull(it.letterCase?.rawValue),
                "collapse_spaces": .bool(it.collapsesSpaces), "columns": texts(it.columns),
                "form": textOrNull(it.form?.rawValue), "trim": .bool(it.trims),
            ]
        case .sample(let it): canonical(it)
        case .split(let it): canonical(it)
        case .resizeImages(let it):
            [
                "filter": .string(it.filter.rawValue), "fit": .string(it.fit.rawValue),
                "height": .integer(Int64(it.height)), "library": .string(PictureLibrary.version),
                "width": .integer(Int64(it.width)),
            ]
        case .convertImages(let it):
            [
                "format": textOrNull(it.format?.rawValue),
                "library": .string(PictureLibrary.version), "mode": textOrNull(it.mode?.rawValue),
                "quality": .integer(Int64(it.quality)),
            ]
        }
    members["step"] = .string(step.name)
    return .object(members)
}

private func canonical(_ it: CellConversion) -> [String: JSONValue] {
    [
        "columns": texts(it.columns), "decimal_comma": .bool(it.decimalComma),
        "false": texts(it.falseWords), "format": textOrNull(it.form),
        "invalid": .string(it.invalid.rawValue), "thousands": textOrNull(it.thousands),
        "to": .string(it.kind.rawValue), "true": texts(it.trueWords),
    ]
}

private func canonical(_ filling: MissingFill.Filling) -> JSONValue {
    switch filling {
    case .value(let text, let kind): texts(["value", text, kind.rawValue])
    case .statistic(let statistic): texts(["with", statistic.rawValue])
    }
}

private func canonical(_ method: OutlierBounds.Method) -> JSONValue {
    switch method {
    case .tukey(let k): .array([.string("tukey"), .number(k)])
    case .robustZ(let threshold): .array([.string("robust_z"), .number(threshold)])
    case .range(let least, let most):
        .array([
            .string("range"), least.map { .number($0) } ?? .null, most.map { .number($0) } ?? .null,
        ])
    }
}

private func canonical(_ it: RowSampling) -> [String: JSONValue] {
    let size: JSONValue =
        switch it.size {
        case .share(let share): .array([.string("share"), .number(share)])
        case .rows(let rows): .array([.string("rows"), .integer(Int64(rows))])
        }
    return [
        "key": texts(it.key), "seed": .integer(Int64(it.seed)), "size": size,
        "strata": texts(it.strata), "weight": textOrNull(it.weight),
    ]
}

private func canonical(_ it: RowSplit) -> [String: JSONValue] {
    let parts = it.parts.map { part -> JSONValue in
        switch part.bound {
        case .share(let share): .array([.string(part.name), .string("share"), .number(share)])
        case .until(let text): texts([part.name, "until", text])
        case .rest: texts([part.name, "rest"])
        }
    }
    var members: [String: JSONValue] = [
        "by": .string(it.method.rawValue), "columns": texts(it.columns),
        "part": .string(it.part), "parts": .array(parts), "seed": .integer(Int64(it.seed)),
    ]
    if it.keepsOthers { members["keeps_others"] = .bool(true) }
    return members
}

private func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
