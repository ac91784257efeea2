/// Counts of rows by two classifications.
struct ContingencyTable: Equatable {
    /// One row of counts for each class of the first classification, all of one length.
    var counts: [[Int]]

    init(counts: [[Int]]) { self.counts = counts }

    /// Counts pairs; classes in ascending order.
    init(_ left: [UInt32], _ right: [UInt32]) {
        self.init(ClassNumbers(left), ClassNumbers(right))
    }

    /// The same, if there are pairs enough for so many classes.
    init?(enough left: [UInt32], _ right: [UInt32]) {
        let rows = ClassNumbers(left)
        let columns = ClassNumbers(right)
        // Because the others, whose counts need not fit into memory, are not large enough either:
        // that asks for 4.2 rows a cell.
        guard rows.ranks.count * columns.ranks.count * 4 <= left.count else { return nil }
        self.init(rows, columns)
        guard isLargeEnough else { return nil }
    }

    private init(_ rows: ClassNumbers, _ columns: ClassNumbers) {
        counts = [[Int]](
            repeating: [Int](repeating: 0, count: columns.ranks.count), count: rows.ranks.count)
        for (row, column) in zip(rows.numbers, columns.numbers) {
            counts[rows.ranks[row]][columns.ranks[column]] += 1
        }
    }

    var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    private var rowSums: [Int] { counts.map { $0.reduce(0, +) } }

    private var columnSums: [Int] {
        guard let first = counts.first else { return [] }
        return first.indices.map { column in counts.reduce(0) { $0 + $1[column] } }
    }

    /// Itself without classes that nobody is in.
    var compact: ContingencyTable {
        let columns = columnSums
        return ContingencyTable(
            counts: counts.filter { $0.contains { $0 > 0 } }
                .map { row in row.indices.filter { columns[$0] > 0 }.map { row[$0] } })
    }

    /// Pearson's statistic of homogeneity, Σ (observed − expected)² / expected.
    var chiSquare: Double {
        let rows = rowSums
        let columns = columnSums
        let total = Double(rows.reduce(0, +))
        var sum = 0.0
        for (row, line) in counts.enumerated() {
            for (column, count) in line.enumerated() {
                let expected = Double(rows[row]) * Double(columns[column]) / total
                guard expected > 0 else { continue }
                let difference = Double(count) - expected
                sum += difference * difference / expected
            }
        }
        return sum
    }

    /// (rows − 1)(columns − 1) of the classes that somebody is in.
    var degreesOfFreedom: Int {
        let rows = rowSums.count { $0 > 0 }
        let columns = columnSums.count { $0 > 0 }
        return Swift.max(0, rows - 1) * Swift.max(0, columns - 1)
    }

    /// nil: one classification has a single class.
    var cramersV: Double? {
        Self.cramersV(
            chiSquare: chiSquare, rows: rowSums.count { $0 > 0 },
            columns: columnSums.count { $0 > 0 }, total: total)
    }

    /// Cramér's V, bias-corrected: with φ² = χ²/n, φ̃² = max(0, φ² − (r−1)(c−1)/(n−1)),
    /// r̃ = r − (r−1)²/(n−1) and c̃ likewise, √(φ̃² / min(r̃ − 1, c̃ − 1)).
    ///
    /// Bergsma 2013, "A bias-correction for Cramér's V and Tschuprow's T". nil: one classification
    /// has a single class. 0 where r̃ or c̃ is 1: every row has a class of its own.
    ///
    /// - Parameters:
    ///   - rows: how many classes of the first classification somebody is in.
    ///   - columns: the same of the second.
    static func cramersV(
        chiSquare: Double, rows rowCount: Int, columns columnCount: Int, total count: Int
    ) -> Double? {
        let (rows, columns, total) = (Double(rowCount), Double(columnCount), Double(count))
        guard rows > 1, columns > 1, total > 1 else { return nil }
        let phi = Swift.max(0, chiSquare / total - (rows - 1) * (columns - 1) / (total - 1))
        let least = Swift.min(
            rows - (rows - 1) * (rows - 1) / (total - 1),
            columns - (columns - 1) * (columns - 1) / (total - 1))
        // Because rounding must not make an association out of classes of one row each.
        guard least - 1 > 1e-9 else { return 0 }
        return Swift.min(1, (phi / (least - 1)).squareRoot())
    }

    /// Deequ's guard: no expected count below 1, and at most a fifth of them below 5.
    var isLargeEnough: Bool {
        let rows = rowSums
        let columns = columnSums
        let total = Double(rows.reduce(0, +))
        let expected = rows.flatMap { row in
            columns.map { Double(row) * Double($0) / total }
        }
        guard expected.allSatisfy({ $0 >= 1 }) else { return false }
        return expected.count { $0 < 5 } * 5 <= expected.count
    }
}

/// Classes by the order in which they first occur.
private struct ClassNumbers {
    /// Of each row the number of its class.
    let numbers: [Int]
    /// By number, how many classes are less.
    let ranks: [Int]

    init(_ rows: [UInt32]) {
        var numbers: [Int] = []
        numbers.reserveCapacity(rows.count)
        var classes: [UInt32] = []
        // Open addressing; half of it is free at least.
        var slots = [Int32](repeating: -1, count: 64)
        while slots.count < 2 * rows.count { slots += slots }
        for one in rows {
            var slot = Int(truncatingIfNeeded: mixed(UInt64(one))) & (slots.count - 1)
            while slots[slot] >= 0, classes[Int(slots[slot])] != one {
                slot = (slot + 1) & (slots.count - 1)
            }
            if slots[slot] < 0 {
                slots[slot] = Int32(classes.count)
                classes.append(one)
            }
            numbers.append(Int(slots[slot]))
        }
        self.numbers = numbers
        var ranks = [Int](repeating: 0, count: classes.count)
        let order = classes.indices.sorted { classes[$0] < classes[$1] }
        for (rank, number) in order.enumerated() { ranks[number] = rank }
        self.ranks = ranks
    }
}
