/// Which texts are near an earlier one, or near one of another dataset.
///
/// Candidates are those that are equal in a band; each is confirmed by the exact similarity of the
/// sets of shingles. What is found depends on neither memory nor the order of the search.
struct NearSearch {
    /// A text, and the first one that is near it.
    struct Pair: Equatable {
        var text: Int
        var other: Int
        var similarity: Double
    }

    /// More candidates than this, in one band, are not compared with one text.
    static let candidatesMax = 1000
    private static let cachedWordsMax = 1 << 18

    /// The first of those found, in the order of the files.
    private(set) var first: [Pair] = []
    /// How many texts are near another.
    private(set) var found = 0
    /// Some texts had too many candidates, so that there may be more.
    private(set) var isCut = false

    private let own: NearTexts
    /// nil: earlier ones of the same dataset.
    private let theirs: NearTexts?
    private let limit: Double
    private let bytesMax: Int
    private let candidatesMax: Int
    private var flags: [UInt64]
    private var cache: [Int: [UInt64]] = [:]
    private var cachedWords = 0

    /// - Parameters:
    ///   - limit: near are those with this Jaccard similarity at least.
    ///   - bytesMax: how large a list of candidates may become.
    ///   - candidatesMax: how many are compared with one text.
    init(
        of own: NearTexts, in theirs: NearTexts?, limit: Double, bytesMax: Int,
        candidatesMax: Int = Self.candidatesMax
    ) throws(SpillFault) {
        self.candidatesMax = candidatesMax
        self.own = own
        self.theirs = theirs
        self.limit = limit
        self.bytesMax = bytesMax
        flags = [UInt64](repeating: 0, count: own.count / 64 + 1)
        try search(own.bands, theirs?.bands)
    }

    private mutating func search(
        _ own: RowPartitions, _ theirs: RowPartitions?
    ) throws(SpillFault) {
        for partition in own.indices where own.count(partition) > 0 {
            let count = own.count(partition) + (theirs?.count(partition) ?? 0)
            if own.mustPart(count, bytesMax: bytesMax) {
                try search(own.parted(partition), theirs?.parted(partition))
                continue
            }
            let entries = try sorted(own, partition)
            if let theirs {
                try join(entries, try sorted(theirs, partition))
            } else {
                try compare(entries)
            }
        }
    }

    /// By their keys, those of one key by their numbers.
    private func sorted(
        _ partitions: RowPartitions, _ partition: Int
    ) throws(SpillFault) -> [RowEntry] {
        var entries: [RowEntry] = []
        try partitions.read(partition) { entries += $0 }
        entries.sort { left, right in
            (left.hash.high, left.hash.low, left.mark)
                < (right.hash.high, right.hash.low, right.mark)
        }
        return entries
    }

    private mutating func compare(_ entries: [RowEntry]) throws(SpillFault) {
        var start = 0
        for index in entries.indices {
            if entries[index].hash != entries[start].hash { start = index }
            if index > start { try judge(entries[index], entries[start..<index]) }
        }
    }

    private mutating func join(
        _ entries: [RowEntry], _ others: [RowEntry]
    ) throws(SpillFault) {
        var range = 0..<0
        for entry in entries {
            if range.isEmpty || others[range.lowerBound].hash != entry.hash {
                var start = range.upperBound
                while start < others.count, others[start].hash.isBefore(entry.hash) { start += 1 }
                var end = start
                while end < others.count, others[end].hash == entry.hash { end += 1 }
                range = start..<end
            }
            if !range.isEmpty { try judge(entry, others[range]) }
        }
    }

    /// Compares a text with candidates in the order of the files, until one is near.
    private mutating func judge(
        _ entry: RowEntry, _ candidates: ArraySlice<RowEntry>
    ) throws(SpillFault) {
        let number = Int(entry.mark) - 1
        let known = first.firstIndex { $0.text == number }
        // Because of those that are shown the first one that is near is wanted.
        if isFound(number), known == nil { return }
        let bound = known.map { first[$0].other } ?? .max
        let shingles = try own.text(number).shingles
        for (tried, candidate) in candidates.enumerated() {
            let other = Int(candidate.mark) - 1
            guard other < bound else { return }
            guard tried < candidatesMax else {
                isCut = isCut || known == nil
                return
            }
            guard let similarity = jaccard(shingles, try candidateShingles(other)),
                similarity >= limit
            else { continue }
            let pair = Pair(text: number, other: other, similarity: similarity)
            if let known { first[known] = pair } else { add(pair) }
            return
        }
    }

    private func isFound(_ number: Int) -> Bool {
        flags[number / 64] & 1 << UInt64(number % 64) != 0
    }

    private mutating func add(_ pair: Pair) {
        flags[pair.text / 64] |= 1 << UInt64(pair.text % 64)
        found += 1
        let index = first.firstIndex { pair.text < $0.text } ?? first.count
        guard index < Violation.occurrencesMax else { return }
        first.insert(pair, at: index)
        if first.count > Violation.occurrencesMax { first.removeLast() }
    }

    private mutating func candidateShingles(_ number: Int) throws(SpillFault) -> [UInt64] {
        if let known = cache[number] { return known }
        let shingles = try (theirs ?? own).text(number).shingles
        cachedWords += shingles.count
        if cachedWords > Self.cachedWordsMax {
            cache.removeAll(keepingCapacity: true)
            cachedWords = shingles.count
        }
        cache[number] = shingles
        return shingles
    }
}

extension RowHash {
    fileprivate func isBefore(_ other: RowHash) -> Bool {
        (high, low) < (other.high, other.low)
    }
}
