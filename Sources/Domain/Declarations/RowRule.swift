/// A condition on every row, in the language of docs/rules.md.
package struct RowRule: Hashable, Codable, Sendable {
    package var name: String
    /// `amount >= 0 and (country != "DE" or vat is not null)`
    package var expression: String
    package var strictness: Strictness
    /// Where the expression stands in the manifest.
    package var place: Place

    package init(
        name: String, expression: String, strictness: Strictness = Strictness(), place: Place
    ) {
        self.name = name
        self.expression = expression
        self.strictness = strictness
        self.place = place
    }
}

/// What identifies rows, and how they stand to other rows.
package struct RowKeys: Hashable, Codable, Sendable {
    /// No two rows are equal on these columns, and none of their cells is missing; empty: none.
    package var primary: [String]
    package var primaryStrictness = Strictness()
    package var unique: [UniqueKey]
    package var foreign: [ForeignKey]
    /// Each row is not before the one above it on these columns, the first deciding; empty: any
    /// order.
    package var sortedBy: [String]
    package var sortedStrictness = Strictness()

    package init(
        primary: [String] = [], unique: [UniqueKey] = [], foreign: [ForeignKey] = [],
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

/// Columns on which no two rows are equal; a missing cell makes a row count not.
package struct UniqueKey: Hashable, Codable, Sendable {
    package var columns: [String]
    package var strictness: Strictness

    package init(_ columns: [String], strictness: Strictness = Strictness()) {
        self.columns = columns
        self.strictness = strictness
    }
}

/// Cells that must occur in another dataset; rows with a missing one of them count not.
package struct ForeignKey: Hashable, Codable, Sendable {
    package var columns: [String]
    /// nil: this dataset itself.
    package var dataset: DatasetName?
    /// As many as `columns`, in the same order.
    package var references: [String]
    package var strictness = Strictness()
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
    /// How characters are written as bytes.
    ///
    /// Source of the names: WHATWG's Encoding Standard, and IANA's list of character sets.
    package enum Encoding: String, Hashable, Codable, Sendable, CaseIterable {
        case utf8 = "utf-8"
        /// With or without a byte order mark; without one it is of the order that has more
        /// spaces, delimiters and ends of lines; where none has, a first character of ASCII tells,
        /// and else it is little endian.
        case utf16 = "utf-16"
        case latin1 = "iso-8859-1"
        case windows1252 = "windows-1252"
        case latin2 = "iso-8859-2"
        case latin3 = "iso-8859-3"
        case latin4 = "iso-8859-4"
        case isoCyrillic = "iso-8859-5"
        case isoArabic = "iso-8859-6"
        case isoGreek = "iso-8859-7"
        case isoHebrew = "iso-8859-8"
        case latin5 = "iso-8859-9"
        case latin6 = "iso-8859-10"
        case latin7 = "iso-8859-13"
        case latin8 = "iso-8859-14"
        case latin9 = "iso-8859-15"
        case latin10 = "iso-8859-16"
        case windows874 = "windows-874"
        case windows1250 = "windows-1250"
        case windows1251 = "windows-1251"
        case windows1253 = "windows-1253"
        case windows1254 = "windows-1254"
        case windows1255 = "windows-1255"
        case windows1256 = "windows-1256"
        case windows1257 = "windows-1257"
        case windows1258 = "windows-1258"
        case koi8r = "koi8-r"
        case koi8u = "koi8-u"
        case macintosh
        case ibm437
        case ibm850
        case ibm866
        case shiftJIS = "shift_jis"
        case eucJP = "euc-jp"
        case gb18030
        case big5
        case eucKR = "euc-kr"

        /// What else people call them.
        private static let others: [String: Encoding] = ["utf8": .utf8, "latin1": .latin1]

        /// Every name, in small letters.
        package static let names = allCases.map(\.rawValue) + others.keys.sorted()

        /// nil: nothing is called so. Letters may be small or capital, as in the standard.
        package init?(named name: String) {
            let small = smallLetters(name)
            guard let found = Encoding(rawValue: small) ?? Self.others[small] else { return nil }
            self = found
        }
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
