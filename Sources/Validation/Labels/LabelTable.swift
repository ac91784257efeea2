/// How often each value of a column stands beside each class of the label; only pairs that occur.
struct LabelTable {
    private var values = WordNumbers()
    /// As the values: how many rows have it.
    private var sizes: [Int] = []
    /// A value's number and a class's.
    private var pairs = WordNumbers()
    private var counts: [Int] = []

    init() {}

    /// How many different pairs there are.
    var count: Int { counts.count }

    /// How many different values.
    var valueCount: Int { values.count }

    /// Adds a row.
    @inline(__always)
    mutating func add(_ value: UInt64, _ label: Int) {
        let number = values.insert(value)
        if number == sizes.count { sizes.append(0) }
        sizes[number] += 1
        let pair = pairs.insert(UInt64(number) << 32 | UInt64(label))
        if pair == counts.count { counts.append(0) }
        counts[pair] += 1
    }

    /// Adds what it comes to, when it has all rows of its values.
    func add(to sums: inout LabelSums) {
        for (pair, count) in zip(pairs.words, counts) {
            let (value, label) = (Int(pair >> 32), Int(pair & 0xFFFF_FFFF))
            sums.add(count, of: sizes[value], label)
        }
        sums.values += values.count
    }
}

/// What χ² of a column and the label is made of: with n(v, c) rows of value v and class c,
/// χ² = n · (Σ n(v, c)² / (n(v) · n(c)) − 1). The sum over values can be made in any parts.
struct LabelSums {
    private(set) var rows = 0
    /// How many different values the rows have.
    var values = 0
    /// The rows of each class.
    private var sizes: [Int]
    /// For each class Σ n(v, c)² / n(v), and of it the part below one in 2⁻⁶⁴: a sum of integers
    /// is the same in every order, and that of floating-point numbers is not.
    private var wholes: [Int]
    private var parts: [UInt64]

    init(classes: Int) {
        sizes = [Int](repeating: 0, count: classes)
        wholes = sizes
        parts = [UInt64](repeating: 0, count: classes)
    }

    /// How many classes the rows have.
    var classes: Int { sizes.count { $0 > 0 } }

    /// Adds the rows of a class that have a value.
    ///
    /// - Parameter all: how many rows have the value.
    fileprivate mutating func add(_ count: Int, of all: Int, _ label: Int) {
        rows += count
        sizes[label] += count
        let share = Double(count) * (Double(count) / Double(all))
        let whole = share.rounded(.down)
        let (part, isOver) = parts[label].addingReportingOverflow(UInt64((share - whole) * 0x1p64))
        parts[label] = part
        wholes[label] += Int(whole) + (isOver ? 1 : 0)
    }

    /// Bias-corrected; nil: the column or the label has a single value.
    var cramersV: Double? {
        var sum = 0.0
        for label in sizes.indices where sizes[label] > 0 {
            let share = Double(wholes[label]) + Double(parts[label]) * 0x1p-64
            sum += share / Double(sizes[label])
        }
        let chiSquare = Swift.max(0, sum - 1) * Double(rows)
        return ContingencyTable.cramersV(
            chiSquare: chiSquare, rows: values, columns: classes, total: rows)
    }
}
