import Domain

/// One bin (or category) with the rows of both sides.
package struct DriftBin: Hashable, Codable, Sendable {
    /// `(2.5, 7]`, a category's text, `other` or `missing`; of a private column `bin 1` and so on.
    package var label: String
    package var reference: Int
    package var current: Int
}

/// Two columns counted over the same bins.
struct DriftBins {
    var bins: [DriftBin]
    /// What the counts of numbers may be; nil: they are exact.
    private(set) var doubt: BinDoubt?
    /// As the bins: what the counts of categories may be.
    private(set) var ranges: [BinRange] = []
    /// Of a side's values, the share in the pool: the greater one of both sides, of those where
    /// the pool has more than `pooledRowsMin` of the rows.
    private(set) var pooledShare = 0.0

    /// Categories below this share on both sides are pooled.
    static let shareMin = 0.01
    /// With a greater share of the values in the pool, most of them are not compared at all.
    static let pooledMax = 0.5
    /// A pool of fewer rows is of few values beside many missing cells, and not of many values.
    static let pooledRowsMin = 0.1
    /// Shares are floored at this where their logarithm is taken.
    static let shareFloor = 1e-4

    /// Columns of numbers: at R's deciles, equal edges merged, outer bins open, missing apart.
    /// Columns of text: categories with a share of at least `shareMin` on one side, others pooled.
    /// nil: the reference has no values.
    init?(_ reference: ColumnProfile, _ current: ColumnProfile, asCategories: Bool) {
        guard reference.valueCount > 0 else { return nil }
        if !asCategories {
            guard let numbers = reference.numbers else { return nil }
            bins = numberBins(numbers.edges, reference, current)
            doubt = BinDoubt(bins, at: numbers.edges, reference, current)
        } else {
            (bins, ranges) = categoryBins(reference, current)
            if let pool = bins.last {
                pooledShare = Swift.max(
                    share(of: pool.reference, reference), share(of: pool.current, current))
            }
        }
        // Because edges and categories are cells.
        if reference.isPrivate || current.isPrivate {
            for index in bins.indices where bins[index].label != otherLabel {
                bins[index].label = "bin \(index + 1)"
            }
        }
        let missing = DriftBin(
            label: "missing", reference: reference.missing, current: current.missing)
        bins.append(missing)
        if asCategories {
            ranges.append(BinRange(missing))
        } else {
            ranges = bins.map { BinRange($0) }
        }
        let kept = bins.indices.filter { bins[$0].reference > 0 || bins[$0].current > 0 }
        (bins, ranges) = (kept.map { bins[$0] }, kept.map { ranges[$0] })
    }

    /// - Parameter ranges: as the bins; nil: they are exact.
    init(bins: [DriftBin], ranges: [BinRange]? = nil) {
        self.bins = bins
        self.ranges = ranges ?? bins.map { BinRange($0) }
    }

    var referenceRows: Int { bins.reduce(0) { $0 + $1.reference } }
    var currentRows: Int { bins.reduce(0) { $0 + $1.current } }

    /// p and q of each bin.
    var shares: [(reference: Double, current: Double)] {
        let n = Double(Swift.max(1, referenceRows))
        let m = Double(Swift.max(1, currentRows))
        return bins.map { (Double($0.reference) / n, Double($0.current) / m) }
    }

    /// Σ (q − p)·ln(q/p), natural logarithm, shares floored at 10^-4.
    var psi: Double { shares.reduce(0) { $0 + Self.psi($1.reference, $1.current) } }

    /// √(½KL(p‖h) + ½KL(q‖h)), h = (p + q)/2, logarithm of base 2: from 0 to 1 (Lin 1991).
    var jensenShannonDistance: Double { root(jensenShannonDivergence) }

    /// By how much the two may be off.
    var psiError: Double { error(of: Self.psi) }
    var jensenShannonError: Double {
        let error = error(of: Self.divergence)
        guard error > 0 else { return 0 }
        let divergence = jensenShannonDivergence
        let distance = root(divergence)
        return Swift.max(root(divergence + error) - distance, distance - root(divergence - error))
    }

    private var jensenShannonDivergence: Double {
        shares.reduce(0.0) { $0 + Self.divergence($1.reference, $1.current) }
    }

    private func root(_ divergence: Double) -> Double {
        Swift.min(1, Swift.max(0, divergence).squareRoot())
    }

    /// What a bin adds to PSI.
    private static func psi(_ reference: Double, _ current: Double) -> Double {
        let p = Swift.max(reference, shareFloor)
        let q = Swift.max(current, shareFloor)
        return (q - p) * naturalLogarithm(q / p)
    }

    /// What a bin adds to the Jensen–Shannon divergence.
    private static func divergence(_ reference: Double, _ current: Double) -> Double {
        func part(_ share: Double) -> Double {
            guard share > 0 else { return 0 }
            let middle = (reference + current) / 2
            return share * naturalLogarithm(share / middle) / 0.693_147_180_559_945_3
        }
        return part(reference) / 2 + part(current) / 2
    }

    /// max |q − p|.
    var lInfinity: Double {
        shares.reduce(0) { Swift.max($0, ($1.current - $1.reference).magnitude) }
    }

    /// Bins × {R, C}.
    var table: ContingencyTable {
        ContingencyTable(counts: bins.map { [$0.reference, $0.current] })
    }

    /// Itself with the smallest bins pooled until the chi-square test is valid (Deequ's guard); nil
    /// when fewer than two bins would be left.
    var pooledForTest: DriftBins? {
        // The largest first; the smallest are taken from the end into the pool.
        var rest = bins.enumerated().sorted { left, right in
            let sizes = (
                left.element.reference + left.element.current,
                right.element.reference + right.element.current
            )
            return sizes.0 != sizes.1 ? sizes.0 > sizes.1 : left.offset < right.offset
        }
        var pool = DriftBin(label: otherLabel, reference: 0, current: 0)
        var poolRange = BinRange(pool)
        var pooled = 0
        while true {
            let kept = rest.sorted { $0.offset < $1.offset }
            var tried = DriftBins(
                bins: kept.map(\.element), ranges: kept.map { ranges[$0.offset] })
            if pooled > 0 {
                tried.bins.append(pool)
                tried.ranges.append(poolRange)
            }
            guard tried.bins.count >= 2 else { return nil }
            if tried.table.isLargeEnough { return tried }
            guard let (offset, smallest) = rest.popLast() else { return nil }
            pool.reference += smallest.reference
            pool.current += smallest.current
            poolRange = poolRange + ranges[offset]
            pooled += 1
        }
    }
}

/// The pool's share of a column's values.
private func share(of pool: Int, _ column: ColumnProfile) -> Double {
    guard Double(pool) > DriftBins.pooledRowsMin * Double(column.rows) else { return 0 }
    return Double(pool) / Double(column.valueCount)
}

/// What the pooled categories are called.
private let otherLabel = "other"

extension NumberSummary {
    /// Between bins: the deciles without the outermost, equal ones once.
    fileprivate var edges: [Double] {
        var edges: [Double] = []
        for edge in deciles[1...9] where edges.last != edge { edges.append(edge) }
        return edges
    }
}

private func numberBins(
    _ edges: [Double], _ reference: ColumnProfile, _ current: ColumnProfile
) -> [DriftBin] {
    let (before, now) = (reference.points, current.points)
    let kind = reference.kind
    var bins: [DriftBin] = []
    var last = (reference: 0, current: 0)
    for index in 0...edges.count {
        let isLast = index == edges.count
        let upTo =
            isLast
            ? (reference: before.count, current: now.count)
            : (
                reference: before.count(atMost: edges[index]),
                current: now.count(atMost: edges[index])
            )
        let low = index == 0 ? "-∞" : kind.figureText(edges[index - 1])
        let high = isLast ? "∞)" : kind.figureText(edges[index]) + "]"
        bins.append(
            DriftBin(
                label: "(\(low), \(high)", reference: upTo.reference - last.reference,
                current: upTo.current - last.current))
        last = upTo
    }
    return bins
}

/// The last one is the pool.
private func categoryBins(
    _ reference: ColumnProfile, _ current: ColumnProfile
) -> (bins: [DriftBin], ranges: [BinRange]) {
    let theirs = counts(reference)
    let ours = counts(current)
    let n = Double(Swift.max(1, reference.rows))
    let m = Double(Swift.max(1, current.rows))
    let large = Set(theirs.keys).union(ours.keys).filter { key in
        Double(theirs[key]?.count ?? 0) / n >= DriftBins.shareMin
            || Double(ours[key]?.count ?? 0) / m >= DriftBins.shareMin
    }
    var bins: [(key: UInt64, bin: DriftBin)] = large.map { key in
        let item = theirs[key] ?? ours[key]
        return (
            key,
            DriftBin(
                label: item.map { label($0, reference.kind) } ?? hexadecimal(key),
                reference: theirs[key]?.count ?? 0,
                current: ours[key]?.count ?? 0)
        )
    }
    // The largest first; equal ones by key.
    bins.sort { left, right in
        if left.bin.reference != right.bin.reference {
            return left.bin.reference > right.bin.reference
        }
        return left.bin.current != right.bin.current
            ? left.bin.current > right.bin.current : left.key < right.key
    }
    let other = DriftBin(
        label: otherLabel,
        reference: reference.valueCount - bins.reduce(0) { $0 + $1.bin.reference },
        current: current.valueCount - bins.reduce(0) { $0 + $1.bin.current })
    let keys = bins.map(\.key)
    let (before, now) = (
        ranges(
            bins.map(\.bin.reference), keys.map { theirs[$0] != nil }, other.reference, reference),
        ranges(bins.map(\.bin.current), keys.map { ours[$0] != nil }, other.current, current)
    )
    return (
        bins.map(\.bin) + [other],
        zip(before, now).map { BinRange(reference: $0, current: $1) }
    )
}

/// What the counts of a side's categories may be, and last what the pool's may.
private func ranges(
    _ counts: [Int], _ isListed: [Bool], _ pool: Int, _ column: ColumnProfile
) -> [ClosedRange<Int>] {
    let slacks = isListed.map { Swift.min(column.countSlack(isListed: $0), Swift.max(0, pool)) }
    let categories = zip(counts, slacks).map { $0...$0 + $1 }
    return categories + [Swift.max(Swift.min(0, pool), pool - slacks.reduce(0, +))...pool]
}

private func counts(_ column: ColumnProfile) -> [UInt64: ColumnProfile.Item] {
    Dictionary(column.values.items.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
}

private func label(_ item: ColumnProfile.Item, _ kind: ColumnProfile.Kind) -> String {
    item.number.map(kind.figureText) ?? item.text ?? item.hash ?? ""
}
