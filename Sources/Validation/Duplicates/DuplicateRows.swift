/// How often records are equal, cell by cell.
///
/// Records are compared by keyed 128-bit hashes over their cells; a missing cell equals every other
/// missing cell, however it is written. Records of another width than the header's do not count.
struct DuplicateRows: Equatable, Codable, Sendable {
    /// More places than this are only counted.
    static let firstMax = Violation.occurrencesMax

    /// A record, and the first one that is equal to it.
    struct Place: Equatable, Codable, Sendable {
        var row: RowNumber
        var original: RowNumber
    }

    /// All records.
    var rows = 0
    /// Records that are equal to an earlier one: how many would go if each were kept once.
    var surplus = 0
    /// Different records that occur more than once.
    var groups = 0
    /// The first surplus records, in the order of the files.
    var first: [Place] = []

    /// Records that have an equal, with the first of each group.
    var involved: Int { surplus + groups }

    /// Counts a surplus record; they may come in any order.
    mutating func add(_ row: RowNumber, original: RowNumber, isNewGroup: Bool) {
        surplus += 1
        if isNewGroup { groups += 1 }
        let index = first.firstIndex { row.packed < $0.row.packed } ?? first.count
        guard index < Self.firstMax else { return }
        first.insert(Place(row: row, original: original), at: index)
        if first.count > Self.firstMax { first.removeLast() }
    }
}

extension DuplicateRows {
    /// Counts the records of a list.
    ///
    /// - Parameter bytesMax: how large a table may become.
    init(of list: RowPartitions, bytesMax: Int) throws(SpillFault) {
        self.init()
        try add(list, bytesMax)
    }

    private mutating func add(_ list: RowPartitions, _ bytesMax: Int) throws(SpillFault) {
        for partition in list.indices {
            let count = list.count(partition)
            if list.mustPart(count, bytesMax: bytesMax) {
                try add(list.parted(partition), bytesMax)
                continue
            }
            guard count > 0 else { continue }
            rows += count
            var table = RowTable(expecting: count)
            try list.read(partition) { entries in
                for entry in entries { table.insert(entry, into: &self) }
            }
        }
    }
}
