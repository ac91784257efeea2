/// What was found in the keys of a part of a file of JSON lines.
struct LineFindings: Sendable {
    /// How many records stand before the line in which each column's key is first; −1: in none.
    var firstRows: [Int]
    /// Keys without a column, in the order in which they are first met.
    var extras: [ExtraKey] = []
}

/// A key that no column was made for.
struct ExtraKey: Sendable {
    /// Where it stands: the line, counted from 0, and the byte of the line, from 1.
    struct Place: Sendable {
        var line: Int
        var column: Int
    }

    /// With its path; cut behind `columnNameBytesMax`.
    var name: [UInt8]
    /// Records before the line in which it is first.
    var firstRow: Int
    /// How often it stands in a line.
    var total = 0
    /// The first places.
    var places: [Place] = []
    /// In how many records it has a value that is not missing.
    var filled = 0
    /// The last line that has it, and whether its value there is missing.
    var stamp: UInt32 = 0
    var isFilled = false

    init(name: [UInt8], firstRow: Int) {
        self.name = Array(name.prefix(columnNameBytesMax + 1))
        self.firstRow = firstRow
    }

    var isTooLong: Bool { name.count > columnNameBytesMax }

    /// Counts a place; false when the line has the key already.
    mutating func note(_ place: Place, _ stamp: UInt32) -> Bool {
        total += 1
        if places.count < Violation.occurrencesMax { places.append(place) }
        defer { self.stamp = stamp }
        return self.stamp != stamp
    }
}

/// More columns than this are a mistake in the file.
let columnsMax = 10_000

/// As is a longer name of a column.
let columnNameBytesMax = 1024
