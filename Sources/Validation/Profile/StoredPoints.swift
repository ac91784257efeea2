/// A distribution cut down to at most 2,048 points, as a profile keeps it.
///
/// Point `i` stands for the ranks from n·g(i/m) to n·g((i + 1)/m), where g(u) = 3u² − 2u³, in
/// integers, so that the weights need not be stored: coarse in the middle (at most 0.074 % of the
/// rows), fine at the ends (single rows below a million). Up to 2,048 rows nothing is lost.
enum StoredPoints {
    static let pointsMax = 2048
    /// Half of the heaviest point, as a share of the rows: 1.5 / m / 2.
    static let rankError = 0.75 / Double(pointsMax)

    /// The values of the points.
    static func values(of points: WeightedPoints) -> [Double] {
        var start = 0
        return weights(rows: points.count).map { weight in
            defer { start += weight }
            return points.value(atRank: start + (weight - 1) / 2)
        }
    }

    /// Whether as many rows lose nothing.
    static func isExact(rows: Int) -> Bool { rows <= pointsMax }

    /// What each point stands for; every one at least 1.
    static func weights(rows: Int) -> [Int] {
        if rows <= pointsMax { return [Int](repeating: 1, count: rows) }
        var weights: [Int] = []
        var before = 0
        for index in 1...pointsMax {
            let edge = boundary(index, rows)
            if edge > before { weights.append(edge - before) }
            before = edge
        }
        return weights
    }

    private static func boundary(_ index: Int, _ rows: Int) -> Int {
        let place = UInt128(index)
        let size = UInt128(pointsMax)
        return Int(UInt128(rows) * place * place * (3 * size - 2 * place) / (size * size * size))
    }

    /// Eight bytes each, little endian.
    static func packed(_ values: [Double]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 8)
        for value in values {
            for shift in stride(from: 0 as UInt64, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
            }
        }
        return bytes
    }

    /// nil: they are not finite, ascending numbers.
    static func unpacked(_ bytes: [UInt8]) -> [Double]? {
        guard bytes.count % 8 == 0, bytes.count / 8 <= pointsMax else { return nil }
        var values: [Double] = []
        for start in stride(from: 0, to: bytes.count, by: 8) {
            let bits = (0..<8).reduce(0 as UInt64) { $0 | UInt64(bytes[start + $1]) << (8 * $1) }
            let value = Double(bitPattern: bits)
            guard value.isFinite, values.last.map({ $0 <= value }) ?? true else { return nil }
            values.append(value)
        }
        return values
    }
}
