import Domain

/// Which columns are counted against the label, cell by cell.
struct CellPlan: Hashable, Sendable {
    var label: String
    /// nil: all that are profiled.
    var columns: Set<String>?

    func has(_ column: String) -> Bool { column == label || columns?.contains(column) ?? true }

    /// The columns that must be looked at.
    var required: [String] { [label] + (columns ?? []).sorted() }

    /// Names all that is taken of a file for it.
    var question: String {
        let all = required.map { "\($0.utf8.count):\($0)" }.joined()
        return columns == nil ? "all \(all)" : all
    }
}

extension DataCheck.Name {
    /// Whether a check is decided from how often each value of a column stands beside each class
    /// of the label.
    var isOfLabelCounts: Bool { self == .labelLeakage || self == .missingPattern }
}

extension DatasetManifest {
    /// What its checks ask to be counted against the label; nil: nothing, or there is no label.
    var cellPlan: CellPlan? {
        let asking = checks.named.filter(\.name.isOfLabelCounts)
        guard let label, !asking.isEmpty else { return nil }
        let isOfAll = asking.contains(where: \.columns.isEmpty)
        return CellPlan(label: label, columns: isOfAll ? nil : Set(asking.flatMap(\.columns)))
    }
}

/// Where the cells stand in a file that are counted against the label.
struct CellLayout: Sendable {
    let columns: [KeyLayout.Column]
    let quote: UInt8

    init(_ plan: CellPlan, _ columns: [KeyLayout.Column], quote: UInt8) {
        // Because datasets with more columns are not profiled, nor checked by column.
        self.columns = Array(
            columns.filter { plan.has($0.name) }.prefix(StatisticsLimits.columnsMax))
        self.quote = quote
    }
}

/// A cell in 64 bits.
enum CellWord {
    /// What the words of a column stand for.
    enum Form: String, Codable, Sendable {
        case text
        case integer
        case number

        init(_ kind: ColumnDeclaration.Kind) {
            self =
                switch kind {
                case .integer: .integer
                case .number: .number
                case .date, .datetime, .string, .boolean, .array, .object, .any: .text
                }
        }

        /// The number that a word stands for; of an integer beyond 2^53 the nearest Double.
        @inline(__always)
        func number(_ word: UInt64) -> Double {
            self == .integer
                ? Double(Int64(bitPattern: word)) : Double(bitPattern: word)
        }
    }

    /// A cell that is missing or not of the column's type, and a number that is not finite.
    static let missing = Double.nan.bitPattern

    /// With every digit: of 2^64 integers the one whose bits mean "missing" is its neighbour.
    @inline(__always)
    static func integer(_ value: Int64) -> UInt64 {
        let word = UInt64(bitPattern: value)
        return word == missing ? word + 1 : word
    }

    /// Minus zero is zero.
    @inline(__always)
    static func number(_ value: Double) -> UInt64 {
        value.isFinite ? (value + 0).bitPattern : missing
    }

    /// By its hash: two of ten million texts fall together once in 400,000 datasets.
    @inline(__always)
    static func text(_ hash: UInt64) -> UInt64 { hash == missing ? 0 : hash }
}
