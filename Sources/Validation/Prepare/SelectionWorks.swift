import Crypto
import Domain

/// Numbers that look random and depend on nothing but a seed: see docs/preparing.md.
struct SeededNumbers: Sendable {
    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// What hashed keys begin with.
    let prefix: String
    private let state: UInt64

    /// - Parameter purpose: so that two steps with one seed do not draw the same.
    init(_ purpose: String, seed: Int) {
        prefix = "slipway \(purpose) 1\n\(seed)\n"
        state = Array(SHA256.hash(data: Array(prefix.utf8))).bigEndian(at: 0)
    }

    /// The number of a row: SplitMix64, which has one for every place of its sequence.
    func number(_ row: Int) -> UInt64 { mixed(state &+ UInt64(row) &* Self.step) }

    /// From 0 up to 1: the top 53 bits.
    static func unit(_ number: UInt64) -> Double { Double(number >> 11) * 0x1p-53 }

    /// The number of a row by some of its cells.
    func number(_ row: PreparedRow, _ places: [Int]) -> UInt64 {
        keyDigest(row, places, after: prefix).bigEndian(at: 0)
    }
}

/// Parts with their shares, which add up to 1.
struct PartShares: Sendable {
    let shares: [Double]

    /// The part in which a place from 0 up to 1 lies.
    func part(at place: Double) -> Int {
        var end = 0.0
        for (number, share) in shares.enumerated() {
            end += share
            if place < end { return number }
        }
        return shares.count - 1
    }
}

/// Keeps the rows whose key hashes into a part: a row's part depends on nothing but itself.
struct HashedSelection: PreparationWork {
    let places: [Int]
    let numbers: SeededNumbers
    let parts: PartShares
    let part: Int
    var keepsOthers = false

    mutating func take(
        _ row: inout PreparedRow, _ number: Int
    ) throws(PreparationError) -> Bool {
        (parts.part(at: SeededNumbers.unit(numbers.number(row, places))) == part) != keepsOthers
    }
}

/// Keeps the rows of one part of all, which are put in some order first.
struct OrderedSelection: PreparationWork {
    /// How the rows in their order are dealt to the parts.
    enum Dealing {
        /// Each to the part that lacks most; so every stretch has its shares, and equal ones stay
        /// together.
        case even
        /// One part after the other; equal ones stay together.
        case contiguous
    }

    /// What a row is ordered by; all of one length. nil: the row is in no part.
    typealias Order = (PreparedRow, Int, StepContext) throws(PreparationError) -> [UInt8]?

    private let context: StepContext
    private let part: Int
    private let keepsOthers: Bool
    private let dealing: Dealing
    private let order: Order
    /// The shares of so many rows.
    private let shares: (Int) -> [Double]
    private var sorter: RecordSorter
    private var kept: RowNumbers
    private var rows = 0

    init(
        _ context: StepContext, part: Int, keepsOthers: Bool = false, dealing: Dealing,
        shares: @escaping (Int) -> [Double],
        order: @escaping Order
    ) {
        self.context = context
        self.part = part
        self.keepsOthers = keepsOthers
        self.dealing = dealing
        self.shares = shares
        self.order = order
        sorter = context.sorter(oneOf: 2)
        kept = RowNumbers(context)
    }

    var looksFirst: Bool { true }

    mutating func look(_ row: PreparedRow, _ number: Int) throws(PreparationError) {
        rows += 1
        guard var record = try order(row, number, context) else { return }
        record.append(bigEndian: UInt64(number))
        try sorter.add(record)
    }

    mutating func decide() throws(PreparationError) {
        let count = sorter.count
        var sorted = try sorter.sorted()
        let parts = PartShares(shares: shares(dealing == .even ? count : rows))
        let total = dealing == .even ? count : rows
        var counts = [Int](repeating: 0, count: parts.shares.count)
        var (position, current) = (0, 0)
        var last: ArraySlice<UInt8>?
        while let record = try sorted.next() {
            let key = record.dropLast(8)
            if last != key {
                current =
                    dealing == .even
                    ? neediest(parts.shares, counts, position + 1)
                    : parts.part(at: (Double(position) + 0.5) / Double(total))
            }
            last = key
            counts[current] += 1
            position += 1
            if (current == part) != keepsOthers {
                try kept.add(Int(record.bigEndian(at: record.count - 8)))
            }
        }
        try kept.finish()
    }

    private func neediest(_ shares: [Double], _ counts: [Int], _ rows: Int) -> Int {
        var (best, most) = (0, -Double.infinity)
        for (number, share) in shares.enumerated() {
            let lack = share * Double(rows) - Double(counts[number])
            if lack > most { (best, most) = (number, lack) }
        }
        return best
    }

    mutating func take(
        _ row: inout PreparedRow, _ number: Int
    ) throws(PreparationError) -> Bool {
        try kept.contains(number)
    }
}
