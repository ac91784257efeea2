/// What a dataset can break; the raw values are the names in reports.
package enum Rule: String, Codable, Sendable, CaseIterable {
    // What it is made of.
    case preparation
    // Files.
    case unpinned = "nothing_pinned"
    case missingFile = "missing_file"
    case outsideRoot = "outside_root"
    case notAFile = "not_a_file"
    case emptyFile = "empty_file"
    case repeatedFile = "repeated_file"
    case digest
    case byteCount = "byte_count"
    case rows
    case rowCount = "row_count"
    case changedFile = "changed_file"
    case compression
    case notText = "not_text"
    // Structure.
    case encoding
    case nulByte = "nul_byte"
    case unbalancedQuote = "unbalanced_quote"
    case strayQuote = "stray_quote"
    case strayCarriageReturn = "stray_carriage_return"
    case recordSize = "record_size"
    case json
    case parquet
    case arrow
    case image
    case raggedRow = "ragged_row"
    case blankRow = "blank_row"
    // Columns.
    case tooManyColumns = "too_many_columns"
    case columnCount = "column_count"
    case missingColumn = "missing_column"
    case blankHeader = "blank_header"
    case duplicateColumn = "duplicate_column"
    case extraColumn = "extra_column"
    case columnOrder = "column_order"
    // Cells.
    case type
    case required
    case range
    case length
    case values
    case pattern
    case format
    case unique
    case primaryKey = "primary_key"
    case foreignKey = "foreign_key"
    // Rows.
    case rowRule = "row_rule"
    case sorted
    case missingShare = "missing_share"

    /// Whether a file that breaks it was not read, or not to its end.
    package var keepsFromReading: Bool {
        switch self {
        case .preparation, .missingFile, .outsideRoot, .notAFile, .emptyFile, .changedFile,
            .compression,
            .notText, .parquet, .arrow:
            true
        default: false
        }
    }

    /// How bad a broken rule is, 0 the worst: the order of the cases, as what makes other rules
    /// break comes before them.
    package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
