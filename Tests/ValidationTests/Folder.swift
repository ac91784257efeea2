import Crypto
import Domain
import FoundationEssentials
import Host
import Validation

/// A folder of data files that is removed with its owner.
final class Folder {
    let path: String

    init() throws {
        path = try temporaryFolder(
            in: FileManager.default.temporaryDirectory.path, prefix: "slipway-validation")
    }

    deinit {
        // Because a test that passed must not fail over a leftover.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and returns its entry in a manifest, with the right digest.
    func add(_ name: String, _ text: String, rows: Int? = nil) throws -> DatasetFile {
        try add(name, bytes: Array(text.utf8), rows: rows)
    }

    func add(_ name: String, bytes: [UInt8], rows: Int? = nil) throws -> DatasetFile {
        try writeFileAtomically("\(path)/\(name)", bytes)
        return entry(name, digest: Domain.Digest(bytes: SHA256.hash(data: bytes)), rows: rows)
    }
}

/// An entry that stands on lines 3 and 4 of the manifest.
func entry(
    _ path: String,
    digest: Domain.Digest = Domain.Digest(checked: String(repeating: "0", count: 64)),
    rows: Int? = nil
) -> DatasetFile {
    DatasetFile(
        path: path, sha256: digest, rows: rows,
        digestPlace: Place(file: "datasets/d.yaml", line: 3, column: 27),
        rowsPlace: Place(file: "datasets/d.yaml", line: 4, column: 11))
}

func manifest(
    _ files: [DatasetFile], _ columns: [ColumnDeclaration] = [],
    format: DatasetManifest.Format = .csv, checks: DatasetChecks = DatasetChecks()
) -> DatasetManifest {
    DatasetManifest(
        name: DatasetName(checked: "d"), path: "datasets/d.yaml", files: files, format: format,
        columns: columns, checks: checks)
}

func column(
    _ name: String, _ type: ColumnDeclaration.Kind = .string, required: Bool = false,
    unique: Bool = false, min: Double? = nil, max: Double? = nil, values: [String]? = nil,
    pattern: String? = nil
) -> ColumnDeclaration {
    ColumnDeclaration(
        name: name, type: type, required: required, unique: unique, min: min, max: max,
        values: values, pattern: pattern, place: Place(file: "datasets/d.yaml", line: 7, column: 5))
}
