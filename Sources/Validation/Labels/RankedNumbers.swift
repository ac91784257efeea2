/// The numbers of a column that have certain ranks, in memory that does not grow with the column.
///
/// The column is read six times, and each time eleven more bits of the numbers are known: how many
/// begin with each of the bits says in which of them a rank lies (selection by radix).
struct RankedNumbers {
    private static let digitBits = 11

    /// A rank of which some bits are known.
    private struct Target {
        let rank: Int
        /// The bits.
        var prefix: UInt64 = 0
        /// The rank among the numbers that begin with them.
        var rest: Int
    }

    /// Ascending by rank, so by prefix too.
    private var targets: [Target]
    /// How many bits are not known yet.
    private var bitsLeft = 64

    /// - Parameter ranks: from 0, each less than the number of cells that are numbers.
    init(of column: Int, in cells: CellSpool, ranks: Set<Int>) throws(SpillFault) {
        targets = ranks.sorted().map { Target(rank: $0, rest: $0) }
        while bitsLeft > 0, !targets.isEmpty { try narrow(column, cells) }
    }

    /// The number at one of the ranks.
    func value(atRank rank: Int) -> Double {
        guard let found = targets.first(where: { $0.rank == rank }) else {
            preconditionFailure("rank \(rank) was not asked for")
        }
        return number(ofOrdered: found.prefix)
    }

    private mutating func narrow(_ column: Int, _ cells: CellSpool) throws(SpillFault) {
        let bits = Swift.min(Self.digitBits, bitsLeft)
        var prefixes: [UInt64] = []
        for target in targets where target.prefix != prefixes.last {
            prefixes.append(target.prefix)
        }
        var counts = [Int](repeating: 0, count: prefixes.count << bits)
        let shift = bitsLeft - bits
        let form = cells.columns[column].form
        try cells.read(column) { words in
            Self.count(words, form, prefixes, shift: shift, bits: bits, &counts)
        }
        for index in targets.indices {
            guard let group = prefixes.firstIndex(of: targets[index].prefix) else { continue }
            var digit = 0
            while targets[index].rest >= counts[group << bits | digit] {
                targets[index].rest -= counts[group << bits | digit]
                digit += 1
            }
            targets[index].prefix = targets[index].prefix << UInt64(bits) | UInt64(digit)
        }
        bitsLeft = shift
    }

    /// Counts the numbers that begin with each prefix by the bits behind it.
    private static func count(
        _ words: [UInt64], _ form: CellWord.Form, _ prefixes: [UInt64], shift: Int, bits: Int,
        _ counts: inout [Int]
    ) {
        let mask = 1 << UInt64(bits) - 1
        for word in words where word != CellWord.missing {
            let key = orderedBits(form.number(word))
            // All of them where no bit is known, because 64 bits are shifted out.
            let prefix = key >> (shift + bits)
            var group = 0
            while group < prefixes.count, prefixes[group] < prefix { group += 1 }
            guard group < prefixes.count, prefixes[group] == prefix else { continue }
            counts[group << bits | Int(truncatingIfNeeded: key >> shift) & mask] += 1
        }
    }
}
