/// What a `datasets/<name>.yaml` says: where the files are, their digests, schema, expectations.
package struct DatasetManifest: Hashable, Codable, Sendable {
    /// What the columns of a file must be of those that are declared; the names are those of Table
    /// Schema's `fieldsMatch`.
    package enum ColumnMatch: String, Codable, Sendable, CaseIterable {
        /// All of them and no others, in their order.
        case exact
        /// All of them and no others.
        case equal
        /// All of them, and perhaps others.
        case subset
        /// Some of them and no others.
        case superset
        /// One of them at least, and perhaps others.
        case partial

        package var allowsOthers: Bool { self == .subset || self == .partial }
        package var allowsFewer: Bool { self == .superset || self == .partial }
    }

    package enum Format: String, Codable, Sendable, CaseIterable {
        case csv, jsonl, parquet, arrow, images, text

        /// The files say themselves of what type each column is.
        package var isTyped: Bool { self == .parquet || self == .arrow }
    }

    /// The types of columns are known without a look at their cells.
    package var knowsTypes: Bool { format.isTyped || format == .images || format == .text }

    /// Every file has the same columns, whatever is declared.
    package var knowsFixedColumns: Bool { format == .images || format == .text }

    /// What a row of a text is.
    package enum Unit: String, Codable, Sendable, CaseIterable {
        case line, file
    }

    package var name: DatasetName
    /// The manifest's own path in the repository.
    package var path: String
    package var description: String
    package var files: [DatasetFile]
    package var format: Format
    package var columns: [ColumnDeclaration]
    package var checks: DatasetChecks
    /// The prefix of an object store whose objects the bot pins, as `s3://<bucket>/<prefix>/`;
    /// nil: people say what the files are.
    package var followed: String?
    /// Who answers for the data; empty: nobody is named.
    package var owner = ""
    /// Words to find the dataset by.
    package var tags: [String] = []
    /// The column that is to be predicted.
    package var label: String?
    package var dialect = TableDialect()
    /// Of texts.
    package var unit = Unit.line
    /// How the columns of the files stand to those that are declared.
    package var columnMatch = ColumnMatch.exact
    /// The columns that are declared by a Table Schema alone; empty: there is none.
    package var schemaFields: Set<String> = []
    package var rules: [RowRule] = []
    package var keys = RowKeys()
    /// How its rows are made of others; then `files` is what they become, and everything else is
    /// about that. nil: its files are its rows.
    package var preparation: DataPreparation?
    /// What the model was asked where it is served; nil: no check compares with it.
    package var served: ServedRequests?

    package init(
        name: DatasetName, path: String, description: String = "", files: [DatasetFile],
        format: Format, columns: [ColumnDeclaration] = [], checks: DatasetChecks = DatasetChecks(),
        followed: String? = nil
    ) {
        self.name = name
        self.path = path
        self.description = description
        self.files = files
        self.format = format
        self.columns = columns
        self.checks = checks
        self.followed = followed
    }
}

/// One file of a dataset, with the digest that it must have.
package struct DatasetFile: Hashable, Codable, Sendable {
    /// Relative to the repository's root.
    package var path: String
    /// Where the bytes are when the commit does not hold them: `s3:`, `https:`, `http:` or
    /// `file:`; of a folder that DVC keeps, the root of the remote without a slash at its end.
    /// nil: the commit has them. Keys of `s3:` and paths of `file:` stand as they are, without
    /// percent-encoding.
    package var url: String?
    /// The digest that the file must have; where `pin` stands, what stands for the pin, because
    /// nobody has read the file yet; of prepared data, what stands for its making.
    package var sha256: Digest
    /// What DVC says of the file, or of the folder; nil: `sha256` is the file's own digest.
    package var pin: DVCPin?
    /// How many records the file must have; nil: not checked.
    package var rows: Int?
    /// How many bytes the file must have; nil: not checked.
    package var sizeBytes: Int?
    /// Where `sha256` stands in the manifest.
    package var digestPlace: Place
    /// Where `rows` stands in the manifest.
    package var rowsPlace: Place?

    package init(
        path: String, sha256: Digest, rows: Int? = nil, digestPlace: Place, rowsPlace: Place? = nil,
        pin: DVCPin? = nil, url: String? = nil
    ) {
        self.path = path
        self.url = url
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
    /// Of a folder, all its files together; nil: it does not say.
    package var sizeBytes: Int?
    /// How many files a folder has; nil: it does not say.
    package var filesCount: Int?

    package init(
        md5: String, isFolder: Bool, isOfLines: Bool, sizeBytes: Int? = nil,
        filesCount: Int? = nil
    ) {
        self.md5 = md5
        self.isFolder = isFolder
        self.isOfLines = isOfLines
        self.sizeBytes = sizeBytes
        self.filesCount = filesCount
    }
}

/// How many columns each file of a dataset may have; one limit at least.
package struct ColumnCount: Hashable, Codable, Sendable {
    package var min: Int?
    package var max: Int?
    /// What another number means.
    package var severity: CheckSeverity

    package init(min: Int? = nil, max: Int? = nil, severity: CheckSeverity = .fail) {
        self.min = min
        self.max = max
        self.severity = severity
    }
}

/// What the dataset as a whole must be.
package struct DatasetChecks: Hashable, Codable, Sendable {
    package var rowCountMin: Int?
    package var rowCountMax: Int?
    /// nil: nothing is said.
    package var columnCount: ColumnCount?
    /// The share of missing cells, 0 to 1, that any column may have at most.
    package var missingShareMax: Double?
    /// How many cells may be missing in any column at most.
    package var missingRowsMax: Int?
    /// What it means that there are too few or too many rows.
    package var rowCountSeverity = CheckSeverity.fail
    /// What it means that too much of a column is missing.
    package var missingShareSeverity = CheckSeverity.fail
    /// What it means that the columns of a file are not those that are declared.
    package var columnsSeverity = CheckSeverity.fail
    /// Texts that mean "missing" beside the empty cell.
    package var missingValues: [String]
    /// In the order of the manifest.
    package var named: [DataCheck] = []

    /// How much of any column may be missing; nil: nothing is said of all of them together.
    package var missingLimits: CountLimits? {
        guard missingShareMax != nil || missingRowsMax != nil else { return nil }
        return CountLimits(missingShareMax.map { .wrongAtMost($0) }, rows: missingRowsMax)
    }

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
