import Domain

/// What of a row is hashed, so that equal hashes mean equal keys or equal rows.
enum KeyProjection: Hashable, Sendable {
    /// The whole record, numbers of columns that are declared as such by their value and all else
    /// as it stands in the file: what `duplicate_rows` compares.
    case record
    /// These cells in this order. A row has no key that lacks one of them, or has a wrong one.
    case key([KeyPart])
    /// The cells of some columns, by the columns' names; a missing cell is as no cell.
    case row(RowColumns)
    /// As `row`, beside the cell of a column; a row that lacks it does not count.
    case labelled(RowColumns, label: String)

    /// The columns without which there are no keys.
    var required: [String] {
        switch self {
        case .key(let parts): parts.map(\.column)
        case .record, .row: []
        case .labelled(_, let label): [label]
        }
    }
}

/// One column of a key.
struct KeyPart: Hashable, Sendable {
    var column: String
    /// Numbers are equal by value, as `1` and `1.0`; other cells by their text.
    var isNumber: Bool
}

/// Which columns count when rows are compared.
struct RowColumns: Hashable, Sendable {
    /// nil: all that there are.
    var only: Set<String>?
    var except: Set<String> = []
    /// Columns of numbers that count by their texts, because the other dataset has texts there.
    var asText: Set<String> = []

    func has(_ column: String) -> Bool {
        !except.contains(column) && only?.contains(column) ?? true
    }
}

extension DatasetManifest {
    /// Whether the column is declared to hold numbers.
    func isNumeric(_ column: String) -> Bool {
        let type = columns.first { $0.name == column }?.type
        return type == .integer || type == .number
    }

    /// A key whose numbers are equal by value.
    func key(_ columns: [String]) -> KeyProjection {
        .key(columns.map { KeyPart(column: $0, isNumber: isNumeric($0)) })
    }

    /// Columns whose cells tell rows apart and say nothing else of them.
    var identifying: Set<String> {
        Set(keys.primary + columns.filter(\.unique).map(\.name))
    }
}
