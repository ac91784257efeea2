/// A condition on every row, in the language of docs/rules.md.
package struct RowRule: Hashable, Codable, Sendable {
    package var name: String
    /// `amount >= 0 and (country != "DE" or vat is not null)`
    package var expression: String
    package var severity: CheckSeverity
    /// The share of the rows that must keep it, 0 to 1; 1: all of them.
    package var mostly: Double
    /// Where the expression stands in the manifest.
    package var place: Place

    package init(
        name: String, expression: String, severity: CheckSeverity = .fail, mostly: Double = 1,
        place: Place
    ) {
        self.name = name
        self.expression = expression
        self.severity = severity
        self.mostly = mostly
        self.place = place
    }
}

/// What identifies rows, and how they stand to other rows.
package struct RowKeys: Hashable, Codable, Sendable {
    /// No two rows are equal on these columns, and none of their cells is missing; empty: none.
    package var primary: [String]
    /// No two rows are equal on the columns of one of these; a missing cell makes a row count not.
    package var unique: [[String]]
    package var foreign: [ForeignKey]
    /// Each row is not before the one above it on these columns, the first deciding; empty: any
    /// order.
    package var sortedBy: [String]

    package init(
        primary: [String] = [], unique: [[String]] = [], foreign: [ForeignKey] = [],
        sortedBy: [String] = []
    ) {
        self.primary = primary
        self.unique = unique
        self.foreign = foreign
        self.sortedBy = sortedBy
    }

    package var isEmpty: Bool {
        primary.isEmpty && unique.isEmpty && foreign.isEmpty && sortedBy.isEmpty
    }
}

/// Cells that must occur in another dataset; rows with a missing one of them count not.
package struct ForeignKey: Hashable, Codable, Sendable {
    package var columns: [String]
    /// nil: this dataset itself.
    package var dataset: DatasetName?
    /// As many as `columns`, in the same order.
    package var references: [String]
    /// Where the dataset is named, or the columns, where it is this one.
    package var place: Place
    /// Where `references` are named.
    package var referencesPlace: Place

    package init(
        columns: [String], dataset: DatasetName?, references: [String], place: Place,
        referencesPlace: Place
    ) {
        self.columns = columns
        self.dataset = dataset
        self.references = references
        self.place = place
        self.referencesPlace = referencesPlace
    }
}

/// How the files of a table are written, where it is not as RFC 4180 has it.
package struct TableDialect: Hashable, Codable, Sendable {
    package enum Encoding: String, Hashable, Codable, Sendable, CaseIterable {
        case utf8 = "utf-8"
        /// With or without a byte order mark; without one, little endian.
        case utf16 = "utf-16"
        case latin1 = "iso-8859-1"
        case windows1252 = "windows-1252"
    }

    /// One ASCII character.
    package var delimiter: String
    /// One ASCII character.
    package var quote: String
    package var encoding: Encoding

    package init(
        delimiter: String = ",", quote: String = "\"", encoding: Encoding = .utf8
    ) {
        self.delimiter = delimiter
        self.quote = quote
        self.encoding = encoding
    }
}
