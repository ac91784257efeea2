import Domain

@testable import Validation

/// Doubtful labels by the definition, with a dictionary for each feature.
struct PlainNoise {
    /// A row: its label, and of each feature the values that it has.
    struct Row {
        var label: String
        var values: [[String]]
    }

    private let rows: [Row]
    private var counts: [[String: [String: Int]]]
    private var classes: [String: Int] = [:]

    init(_ rows: [Row]) {
        self.rows = rows
        counts = Array(repeating: [:], count: rows.first?.values.count ?? 0)
        for row in rows {
            classes[row.label, default: 0] += 1
            for (feature, values) in row.values.enumerated() {
                for value in Set(values) {
                    counts[feature][value, default: [:]][row.label, default: 0] += 1
                }
            }
        }
    }

    /// The classes' shares for a row that is left out; nil: it has nothing in common with another.
    private func shares(_ row: Row) -> [String: Double]? {
        var priors: [String: Double] = [:]
        for (name, count) in classes {
            priors[name] = Double(count - (name == row.label ? 1 : 0)) / Double(rows.count - 1)
        }
        var sums = classes.mapValues { _ in 0.0 }
        var (sum, squares) = (0.0, 0.0)
        for (feature, values) in row.values.enumerated() {
            for value in Set(values) {
                var seen = counts[feature][value] ?? [:]
                seen[row.label, default: 0] -= 1
                let others = Double(seen.values.reduce(0, +))
                guard others > 0 else { continue }
                var most = 0.0
                for (name, prior) in priors {
                    let share = (Double(seen[name] ?? 0) + prior) / (others + 1)
                    let evidence = naturalLogarithm(share / prior)
                    sums[name, default: 0] += evidence
                    most = max(most, abs(evidence))
                }
                sum += most
                squares += most * most
            }
        }
        guard squares > 0 else { return nil }
        let root = (sum * sum / squares).squareRoot()
        let weights = sums.map { ($0.key, exponential($0.value / root) * (priors[$0.key] ?? 0)) }
        let total = weights.reduce(0) { $0 + $1.1 }
        return Dictionary(uniqueKeysWithValues: weights.map { ($0.0, $0.1 / total) })
    }

    /// The candidates by their number, with the class that each looks like.
    func candidates(margin: Double) -> [Int: String] {
        var found: [(Int, Row, [String: Double])] = []
        for (number, row) in rows.enumerated()
        where classes[row.label, default: 0] >= LabelNoise.classRowsMin {
            if let shares = shares(row) { found.append((number, row, shares)) }
        }
        var averages: [String: Double] = [:]
        for name in classes.keys {
            let own = found.filter { $0.1.label == name }.map { $0.2[name] ?? 0 }
            averages[name] = own.isEmpty ? .infinity : own.reduce(0, +) / Double(own.count)
        }
        var candidates: [Int: String] = [:]
        for (number, row, shares) in found {
            guard let (name, share) = shares.max(by: { $0.value < $1.value }), name != row.label,
                share - (shares[row.label] ?? 0) >= margin, share >= averages[name] ?? 0
            else { continue }
            candidates[number] = name
        }
        return candidates
    }
}
