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
/// manifest did not is other data, whatever digest the manifest claims.
package func validationFingerprint(
    of manifest: DatasetManifest, found: [TreeFile] = []
) -> Fingerprint {
    let files = manifest.files.sorted { isBefore($0.path, $1.path) }
    let checks = manifest.checks
    return Fingerprint(
        bytes: sha256(
            "slipway-validation-v1",
            .object([
                "checks": .object([
                    "missing_share_max": number(checks.missingShareMax),
                    "missing_values": .array(checks.missingValues.map { .string($0) }),
                    "row_count_max": integer(checks.rowCountMax),
                    "row_count_min": integer(checks.rowCountMin),
                ]),
                "columns": .array(manifest.columns.map(canonical)),
                "files": .array(
                    files.map {
                        .array([.string($0.path), .string($0.sha256.hex), integer($0.rows)])
                    }),
                "format": .string(manifest.format.rawValue),
                "found": .array(found.map(\.canonical)),
            ])))
}

private func canonical(_ column: ColumnDeclaration) -> JSONValue {
    .object([
        "max": number(column.max), "min": number(column.min), "name": .string(column.name),
        "pattern": textOrNull(column.pattern), "required": .bool(column.required),
        "type": .string(column.type.rawValue), "unique": .bool(column.unique),
        "values": column.values.map { .array($0.map { .string($0) }) } ?? .null,
    ])
}

private func number(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }

private func integer(_ integer: Int?) -> JSONValue {
    integer.map { .integer(Int64($0)) } ?? .null
}
