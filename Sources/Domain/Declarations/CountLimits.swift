/// How many of what is counted may be wrong: a share of them, a number, or both. Where both are
/// said both must hold; where none is, none may be wrong.
package struct CountLimits: Hashable, Sendable {
    /// A share as it is written, because 1 − 0.9 is not 0.1 in binary.
    package enum Share: Hashable, Sendable {
        /// So many may be wrong at most, 0 to 1.
        case wrongAtMost(Double)
        /// So many must be right at least, 0 to 1.
        case rightAtLeast(Double)
    }

    package let share: Share?
    /// Cells, rows, texts or keys: what is counted.
    package let rows: Int?

    package init(_ share: Share?, rows: Int? = nil) {
        self.share = share ?? (rows == nil ? .wrongAtMost(0) : nil)
        self.rows = rows
    }

    /// Whether so many wrong ones are few enough; nil: the count is an estimate, and may lie on
    /// either side of a limit.
    ///
    /// - Parameters:
    ///   - total: how many were looked at.
    ///   - error: how far the count may be off, as a share of `total`.
    package func isKept(_ count: Int, of total: Int, error: Double = 0) -> Bool? {
        var found: [Bool?] = []
        if let share { found.append(Self.isKept(share, count, total, error)) }
        if let rows { found.append(Self.isKept(rows, count, doubt: error * Double(total))) }
        if found.contains(false) { return false }
        return found.contains(nil) ? nil : true
    }

    private static func isKept(_ most: Int, _ count: Int, doubt: Double) -> Bool? {
        let (least, greatest) = (Double(count) - doubt, Double(count) + doubt)
        return greatest <= Double(most) ? true : least > Double(most) ? false : nil
    }

    private static func isKept(
        _ share: Share, _ count: Int, _ total: Int, _ error: Double
    ) -> Bool? {
        guard total > 0 else { return true }
        switch share {
        case .wrongAtMost(let most):
            let wrong = Double(count) / Double(total)
            return wrong + error <= most ? true : wrong - error > most ? false : nil
        case .rightAtLeast(let least):
            let right = Double(total - count) / Double(total)
            return right - error >= least ? true : right + error < least ? false : nil
        }
    }
}

extension CountLimits: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// The share that may be wrong at most.
    package init(floatLiteral share: Double) { self.init(.wrongAtMost(share)) }

    /// The share that may be wrong at most: none, or all.
    package init(integerLiteral share: Int) { self.init(.wrongAtMost(Double(share))) }
}
