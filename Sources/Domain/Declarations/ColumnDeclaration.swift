/// One column and what its cells must be.
package struct ColumnDeclaration: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case integer, number, string, boolean, date, datetime
        /// Of JSON, whole; their cells are the JSON as it stands.
        case array, object
        /// Whatever a cell can be.
        case any

        /// One value, with nothing inside.
        package var isScalar: Bool {
            switch self {
            case .integer, .number, .string, .boolean, .date, .datetime: true
            case .array, .object, .any: false
            }
        }

        /// Cells may have any characters.
        package var isText: Bool { self == .string || !isScalar }
    }

    package var name: String
    package var type: Kind
    /// No cell may be missing.
    package var required: Bool
    /// No two cells may be equal.
    package var unique: Bool
    package var min: Double?
    package var max: Double?
    /// Of dates and times, the bounds: a day, or a time of RFC 3339.
    package var earliest: String?
    package var latest: String?
    /// The only allowed cells, in their text form.
    package var values: [String]?
    /// A regular expression that the whole cell must match.
    package var pattern: String?
    /// The bounds themselves are not allowed.
    package var excludesMin = false
    package var excludesMax = false
    /// In Unicode scalar values.
    package var minLength: Int?
    package var maxLength: Int?
    package var format: TextFormat?
    package var notation = CellNotation()
    /// Texts that mean "missing" in this column in place of those of the dataset; nil: those. The
    /// empty cell always does.
    package var missingValues: [String]?
    package var classification: Classification?
    /// What cells that are not as declared mean, and how many may be so, for each of its rules.
    package var strictness = Strictness()
    /// Where the column stands in the manifest.
    package var place: Place

    /// A form that every text of a column has.
    package enum TextFormat: String, Codable, Sendable, CaseIterable {
        case email, uuid, uri, ipv4, ipv6
        /// `hh:mm:ss`, with or without a fraction of a second.
        case time
    }

    /// Who may see the column's cells. Values of a column with one are in no report.
    package enum Classification: String, Codable, Sendable, CaseIterable {
        case pii, confidential
    }

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

/// How the cells of a column are written, where it is not as their type has it.
package struct CellNotation: Hashable, Codable, Sendable {
    /// Of dates, times, and texts of the format `time`: a `DateForm`.
    package var pattern: String?
    /// One character between the digits and those of the fraction.
    package var decimalChar: String?
    /// One character between groups of digits.
    package var groupChar: String?
    /// Nothing stands around a number, such as a currency.
    package var isBareNumber = true
    /// The only texts that mean true and false; empty: those that they have by themselves.
    package var trueValues: [String] = []
    package var falseValues: [String] = []

    package init() {}
}
