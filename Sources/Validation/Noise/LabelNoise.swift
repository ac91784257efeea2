import Domain

/// Rows whose label is doubtful, because by their other columns they look like another class.
///
/// Confident learning (Northcutt, Jiang and Chuang 2021) over leave-one-out shares: a row of class
/// `y` is a candidate when another class `j` has the greatest share, as great a one as rows of `j`
/// have on average, and by `margin` a greater one than `y`.
struct LabelNoise {
    /// How much greater the share of the other class is, where no other margin is written.
    static let marginMin = 0.5
    /// Rows of smaller classes are not judged, and none is said to look like one of them.
    static let classRowsMin = 10
    /// More candidates than this are only counted.
    static let firstMax = 100
    /// What of the label's entropy the columns must explain at least, so that they can doubt it.
    static let explainedMin = 0.02

    struct Candidate {
        var row: RowNumber
        /// Where in the row the label stands.
        var column: Int
        /// The hashes of the label, and of the class that it looks like.
        var label: UInt64
        var other: UInt64
        var ownShare: Double
        var otherShare: Double

        /// Orders the strongest first.
        fileprivate var rank: (Double, UInt64) { (ownShare - otherShare, row.packed) }
    }

    /// The strongest.
    private(set) var first: [Candidate] = []
    private(set) var found = 0
    /// How many rows were judged.
    private(set) var judged = 0
    /// There are more values than can be counted, and no row was judged.
    private(set) var isOver = false
    /// What of the label's entropy the columns explain: 0 is nothing, 1 all.
    private(set) var explained = 0.0

    private let rows: NoiseSpool
    private let classes: [UInt64]
    private let margin: Double

    /// - Parameter bytesMax: about half the memory that is taken.
    init(
        of rows: NoiseSpool, _ plan: NoisePlan, margin: Double, bytesMax: Int,
        in folder: String
    ) throws(SpillFault) {
        self.rows = rows
        self.margin = margin
        classes = rows.classes.texts.keys.sorted()
        let cuts = try NoiseCuts(plan, rows)
        var score = try count(cuts, bytesMax)
        guard !isOver, score.rows.count(where: { $0 >= Self.classRowsMin }) > 1 else { return }
        try judge(&score, cuts, WordFile(in: folder, bytesMax: bytesMax / 8))
    }

    private mutating func count(_ cuts: NoiseCuts, _ bytesMax: Int) throws(SpillFault) -> NoiseScore
    {
        let numbers = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
        let values = rows.values + rows.count * rows.numbers
        var repeated = RepeatedValues(values: values, bytesMax: bytesMax / 2)
        try rows.read { row in cuts.values(of: row) { repeated.add($0) } }
        var counts = NoiseCounts(
            classes: classes.count, values: values, bytesMax: bytesMax * 2)
        var sizes = [Int](repeating: 0, count: classes.count)
        try rows.read { row in
            guard let label = numbers[row.label] else { return }
            sizes[label] += 1
            cuts.values(of: row) { if repeated.contains($0) { counts.add($0, label) } }
        }
        isOver = counts.isOver
        return NoiseScore(counts.evidence(rows: sizes), rows: sizes)
    }

    private mutating func judge(
        _ score: inout NoiseScore, _ cuts: NoiseCuts, _ doubts: consuming WordFile
    ) throws(SpillFault) {
        let numbers = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
        var (sums, sizes) = (classes.map { _ in 0.0 }, classes.map { _ in 0 })
        var (gain, entropy) = (0.0, 0.0)
        try rows.read { row throws(SpillFault) in
            guard let label = numbers[row.label], score.rows[label] >= Self.classRowsMin,
                let prior = score.take(row, label, cuts)
            else { return }
            judged += 1
            let own = score.shares[label]
            sums[label] += own
            sizes[label] += 1
            gain += naturalLogarithm(Swift.max(own, 1e-12)) - prior
            entropy -= prior
            guard let (other, share) = greatest(score.shares), other != label,
                share - own >= margin
            else { return }
            try doubts.append([
                row.place, row.column << 32 | UInt64(label) << 16 | UInt64(other), own.bitPattern,
                share.bitPattern,
            ])
        }
        explained = entropy > 0 ? Swift.max(0, gain / entropy) : 0
        guard explained >= Self.explainedMin else { return }
        // Because no row is as sure as those of a class of which none was judged.
        let averages = zip(sums, sizes).map { $1 == 0 ? .infinity : $0 / Double($1) }
        try settle(doubts, averages: averages)
    }

    private func greatest(_ shares: [Double]) -> (Int, Double)? {
        guard var most = shares.first else { return nil }
        var number = 0
        for index in shares.indices where shares[index] > most {
            (number, most) = (index, shares[index])
        }
        return (number, most)
    }

    /// Counts the doubtful rows whose other class is as sure as rows of that class are.
    private mutating func settle(
        _ doubts: consuming WordFile, averages: [Double]
    ) throws(SpillFault) {
        for start in stride(from: 0, to: doubts.count, by: 4) {
            let words = try doubts.read(start..<start + 4)
            let (label, other) = (Int(words[1] >> 16 & 0xFFFF), Int(words[1] & 0xFFFF))
            let share = Double(bitPattern: words[3])
            guard share >= averages[other] else { continue }
            found += 1
            keep(
                Candidate(
                    row: RowNumber(packed: words[0]), column: Int(words[1] >> 32),
                    label: classes[label], other: classes[other],
                    ownShare: Double(bitPattern: words[2]), otherShare: share))
        }
    }

    private mutating func keep(_ candidate: Candidate) {
        let place = first.firstIndex { candidate.rank < $0.rank } ?? first.count
        guard place < Self.firstMax else { return }
        first.insert(candidate, at: place)
        if first.count > Self.firstMax { first.removeLast() }
    }
}
