/// What a `datasets/<name>.yaml` says: where the files are, their digests, schema, expectations.
package struct DatasetManifest: Hashable, Codable, Sendable {
    package enum Format: String, Codable, Sendable, CaseIterable { case csv, jsonl }

    package var name: DatasetName
    /// The manifest's own path in the repository.
    package var path: String
    package var description: String
    package var files: [DatasetFile]
    package var format: Format
    package var columns: [ColumnDeclaration]
    package var checks: DatasetChecks

    package init(
        name: DatasetName, path: String, description: String = "", files: [DatasetFile],
        format: Format, columns: [ColumnDeclaration] = [], checks: DatasetChecks = DatasetChecks()
    ) {
        self.name = name
        self.path = path
        self.description = description
        self.files = files
        self.format = format
        self.columns = columns
        self.checks = checks
    }
}

/// One file of a dataset, with the digest that it must have.
package struct DatasetFile: Hashable, Codable, Sendable {
    /// Relative to the repository's root.
    package var path: String
    ///
    /// Where `pin` stands, the SHA-256 of what the pin says, for nobody has read the file yet.
    package var sha256: Digest
    /// What DVC says of the file, or of the folder; nil: `sha256` is the file's own digest.
    package var pin: DVCPin?
    /// How many records the file must have; nil: not checked.
    package var rows: Int?
    /// Where `sha256` stands in the manifest.
    package var digestPlace: Place
    /// Where `rows` stands in the manifest.
    package var rowsPlace: Place?

    package init(
        path: String, sha256: Digest, rows: Int? = nil, digestPlace: Place, rowsPlace: Place? = nil,
        pin: DVCPin? = nil
    ) {
        self.path = path
        self.pin = pin
        self.sha256 = sha256
        self.rows = rows
        self.digestPlace = digestPlace
        self.rowsPlace = rowsPlace
    }
}

/// What a `.dvc` file or a `dvc.lock` says of a file or folder that DVC keeps.
package struct DVCPin: Hashable, Codable, Sendable {
    /// 32 lower-case hexadecimal digits; of a folder, the MD5 of the list of its files.
    package var md5: String
    package var isFolder: Bool
    /// DVC 2 counted the line ends of text as LF alone; DVC 3 says `hash: md5` and counts bytes.
    package var isOfLines: Bool
    /// nil: it does not say.
    package var sizeBytes: Int?

    package init(md5: String, isFolder: Bool, isOfLines: Bool, sizeBytes: Int? = nil) {
        self.md5 = md5
        self.isFolder = isFolder
        self.isOfLines = isOfLines
        self.sizeBytes = sizeBytes
    }
}

/// One column and what its cells must be.
package struct ColumnDeclaration: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case integer, number, string, boolean, date, datetime
    }

    package var name: String
    package var type: Kind
    /// No cell may be missing.
    package var required: Bool
    /// No two cells may be equal.
    package var unique: Bool
    package var min: Double?
    package var max: Double?
    /// The only allowed cells, in their text form.
    package var values: [String]?
    /// A regular expression that the whole cell must match.
    package var pattern: String?
    /// Where the column stands in the manifest.
    package var place: Place

    package init(
        name: String, type: Kind, required: Bool = false, unique: Bool = false, min: Double? = nil,
        max: Double? = nil, values: [String]? = nil, pattern: String? = nil, place: Place
    ) {
        self.name = name
        self.type = type
        self.required = required
        self.unique = unique
        self.min = min
        self.max = max
        self.values = values
        self.pattern = pattern
        self.place = place
    }
}

/// What the dataset as a whole must be.
package struct DatasetChecks: Hashable, Codable, Sendable {
    package var rowCountMin: Int?
    package var rowCountMax: Int?
    /// The share of missing cells, 0 to 1, that any column may have at most.
    package var missingShareMax: Double?
    /// Texts that mean "missing" beside the empty cell.
    package var missingValues: [String]

    package init(
        rowCountMin: Int? = nil, rowCountMax: Int? = nil, missingShareMax: Double? = nil,
        missingValues: [String] = []
    ) {
        self.rowCountMin = rowCountMin
        self.rowCountMax = rowCountMax
        self.missingShareMax = missingShareMax
        self.missingValues = missingValues
    }
}
