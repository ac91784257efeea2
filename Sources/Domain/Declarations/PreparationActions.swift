/// Makes cells what a type asks for, without losing anything of them.
package struct CellConversion: Hashable, Codable, Sendable {
    /// What becomes of a cell that cannot be converted.
    package enum Invalid: String, Codable, Sendable, CaseIterable { case fail, missing }

    package var columns: [String]
    package var kind: ColumnDeclaration.Kind
    /// `1.234,5` is 1234.5.
    package var decimalComma = false
    /// What stands between groups of digits: one ASCII character; nil: nothing does.
    package var thousands: String?
    package var trueWords = ["true", "yes", "y", "t", "1"]
    package var falseWords = ["false", "no", "n", "f", "0"]
    /// How dates and times are written, in the letters of `strptime`, or `unix`; nil: as RFC 3339
    /// has it.
    package var form: String?
    package var invalid = Invalid.fail

    package init(columns: [String], kind: ColumnDeclaration.Kind) {
        self.columns = columns
        self.kind = kind
    }
}

/// Puts something into missing cells.
package struct MissingFill: Hashable, Codable, Sendable {
    package enum Filling: Hashable, Codable, Sendable {
        case value(String, ScalarKind)
        case statistic(Statistic)
    }

    /// What a value of JSON is.
    package enum ScalarKind: String, Codable, Sendable { case string, number, boolean }

    package enum Statistic: String, Codable, Sendable, CaseIterable {
        case mean, median, mode
        /// What the row before has.
        case previous
    }

    package var columns: [String]
    package var filling: Filling

    package init(columns: [String], filling: Filling) {
        self.columns = columns
        self.filling = filling
    }
}

/// Leaves out rows with missing cells.
package struct MissingDrop: Hashable, Codable, Sendable {
    /// Empty: all columns.
    package var columns: [String]
    /// Only rows in which all of the cells are missing.
    package var onlyAll: Bool

    package init(columns: [String], onlyAll: Bool = false) {
        self.columns = columns
        self.onlyAll = onlyAll
    }
}

/// Leaves one of the rows that are equal.
package struct DuplicateDrop: Hashable, Codable, Sendable {
    package enum Keep: String, Codable, Sendable, CaseIterable { case first, last }

    /// Empty: all columns.
    package var columns: [String]
    package var keep: Keep

    package init(columns: [String], keep: Keep = .first) {
        self.columns = columns
        self.keep = keep
    }
}

/// Makes one row of those that are equal in some columns, where the first of them stands.
package struct DuplicateMerge: Hashable, Codable, Sendable {
    /// How the cells of a column become one; missing ones never count.
    package enum Rule: String, Codable, Sendable, CaseIterable {
        case first, last, min, max, mean, sum
    }

    package struct ColumnRule: Hashable, Codable, Sendable {
        package var column: String
        package var rule: Rule

        package init(column: String, rule: Rule) {
            self.column = column
            self.rule = rule
        }
    }

    package var columns: [String]
    /// In the order of the manifest; of other columns the first cell that is not missing counts.
    package var rules: [ColumnRule]

    package init(columns: [String], rules: [ColumnRule] = []) {
        self.columns = columns
        self.rules = rules
    }
}

/// Which numbers lie too far from the others.
package struct OutlierBounds: Hashable, Codable, Sendable {
    package enum Method: Hashable, Codable, Sendable {
        /// Outside the quartiles by more than so many interquartile ranges.
        case tukey(k: Double)
        /// Further from the median than so many scaled median deviations.
        case robustZ(threshold: Double)
        /// Below or above what is declared; nil: no bound.
        case range(min: Double?, max: Double?)
    }

    package var columns: [String]
    package var method: Method

    package init(columns: [String], method: Method) {
        self.columns = columns
        self.method = method
    }
}

/// Writes equal texts the same way.
package struct TextNormalisation: Hashable, Codable, Sendable {
    package enum Form: String, Codable, Sendable, CaseIterable { case nfc, nfkc }
    package enum LetterCase: String, Codable, Sendable, CaseIterable { case lower, upper }

    package var columns: [String]
    /// nil: code points stay as they are.
    package var form: Form?
    package var letterCase: LetterCase?
    /// White space at both ends goes.
    package var trims: Bool
    /// Runs of white space become one space.
    package var collapsesSpaces: Bool

    package init(
        columns: [String], form: Form? = nil, letterCase: LetterCase? = nil, trims: Bool = false,
        collapsesSpaces: Bool = false
    ) {
        self.columns = columns
        self.form = form
        self.letterCase = letterCase
        self.trims = trims
        self.collapsesSpaces = collapsesSpaces
    }
}

/// Keeps some of the rows, in their order.
package struct RowSampling: Hashable, Codable, Sendable {
    package enum Size: Hashable, Codable, Sendable {
        case share(Double)
        case rows(Int)
    }

    package var size: Size
    package var seed: Int
    /// Each value of these columns keeps its share.
    package var strata: [String]
    /// Rows are drawn in proportion to this column.
    package var weight: String?
    /// Rows are drawn by the hash of these columns, so that no row comes or goes as data grows.
    package var key: [String]

    package init(
        size: Size, seed: Int = 0, strata: [String] = [], weight: String? = nil,
        key: [String] = []
    ) {
        self.size = size
        self.seed = seed
        self.strata = strata
        self.weight = weight
        self.key = key
    }
}

/// Keeps the rows of one part of a split.
package struct RowSplit: Hashable, Codable, Sendable {
    package enum Method: String, Codable, Sendable, CaseIterable {
        /// In exact shares.
        case random
        /// In exact shares of each value of the columns.
        case stratified
        /// All rows with equal columns in one part, shares as near as whole groups allow.
        case group
        /// As `group`, but each row by itself: its part never changes as data grows.
        case hash
        /// The earlier in the earlier part; equal times in one.
        case time
    }

    /// A part, and where it ends.
    package struct Part: Hashable, Codable, Sendable {
        package enum Bound: Hashable, Codable, Sendable {
            /// Above 0 and below 1; those of all parts add up to 1.
            case share(Double)
            /// Before this day or moment, as RFC 3339 has it.
            case until(String)
            /// Everything that is in no other part.
            case rest
        }

        package var name: String
        package var bound: Bound

        package init(name: String, bound: Bound) {
            self.name = name
            self.bound = bound
        }
    }

    package var part: String
    /// At least two, in the order of the manifest.
    package var parts: [Part]
    package var method: Method
    /// Strata, the key of groups, or the one column of times.
    package var columns: [String]
    package var seed: Int
    /// The rows of all other parts are kept, and those of `part` are not.
    package var keepsOthers = false

    package init(
        part: String, parts: [Part], method: Method, columns: [String] = [], seed: Int = 0
    ) {
        self.part = part
        self.parts = parts
        self.method = method
        self.columns = columns
        self.seed = seed
    }
}
