/// By how much measures over bins may be off.
extension DriftBins {
    /// Of a sum over the bins.
    func error(of term: (_ reference: Double, _ current: Double) -> Double) -> Double {
        if let doubt { return doubt.error(of: term) }
        guard ranges.contains(where: { !$0.isExact }) else { return 0 }
        let sum = shares.reduce(0) { $0 + term($1.reference, $1.current) }
        let all = extremes(of: term)
        let least = all.reduce(0) { $0 + $1.lowerBound }
        let most = all.reduce(0) { $0 + $1.upperBound }
        return Swift.max(0, most - sum, sum - least)
    }

    /// max |q − p|.
    var lInfinityError: Double {
        let all = extremes(of: { ($1 - $0).magnitude })
        let least = all.map(\.lowerBound).max() ?? 0
        let most = all.map(\.upperBound).max() ?? 0
        return Swift.max(0, most - lInfinity, lInfinity - least)
    }

    /// Pearson's statistic, as a sum over the bins: n·m·(p − q)² / (n·p + m·q).
    var chiSquareError: Double {
        let (n, m) = (Double(referenceRows), Double(currentRows))
        return error { p, q in
            let both = n * p + m * q
            return both > 0 ? n * m * (p - q) * (p - q) / both : 0
        }
    }

    /// Bias-corrected Cramér's V.
    var cramersError: Double {
        let error = chiSquareError
        let table = table
        guard error > 0, let value = table.cramersV else { return 0 }
        let chiSquare = table.chiSquare
        let ends = [Swift.max(0, chiSquare - error), chiSquare + error].compactMap {
            ContingencyTable.cramersV(
                chiSquare: $0, rows: bins.count, columns: 2, total: table.total)
        }
        return ends.map { ($0 - value).magnitude }.max() ?? 0
    }

    private func extremes(
        of term: (_ reference: Double, _ current: Double) -> Double
    ) -> [ClosedRange<Double>] {
        let rows = (Double(Swift.max(1, referenceRows)), Double(Swift.max(1, currentRows)))
        return ranges.map { $0.extremes(of: term, rows) }
    }
}
