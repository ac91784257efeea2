import Domain

/// The scores of some rows, ready for log loss and the area under the ROC curve.
struct ScoreMetrics {
    static let names = ["log_loss", "roc_auc"]

    private let rows: Int
    /// −ln of the probability given to the truth; nil when the scores are no probabilities.
    private let losses: [Double]?
    /// One curve for two classes, one for each class against the rest for more.
    private let curves: [RankedScores]

    /// `classes` pairs each score column with its label, −1 for a label that does not occur.
    /// `curves` are the labels whose ROC curves count; nil: all of them.
    init(
        truths: [Int], classes: [(label: Int, scores: [Double])], binary: Bool,
        curves: Set<Int>? = nil
    ) {
        rows = truths.count
        losses =
            binary
            ? Self.binaryLosses(truths, classes[0]) : Self.losses(truths, classes)
        self.curves = classes.filter { curves?.contains($0.label) ?? true }.map { one in
            RankedScores(scores: one.scores, positives: truths.map { $0 == one.label })
        }
    }

    /// Log loss and ROC AUC, macro over the classes; NaN where undefined.
    ///
    /// `weights` says how often each row counts; nil: once.
    func values(weights: [Int]? = nil) -> [Double] {
        var loss = Double.nan
        if let losses {
            loss = 0
            if let weights {
                for row in 0..<rows where weights[row] > 0 {
                    loss += Double(weights[row]) * losses[row]
                }
            } else {
                loss = losses.reduce(0, +)
            }
            loss /= Double(rows)
        }
        let areas = curves.map { $0.area(weights: weights) }
        return [loss, areas.reduce(0, +) / Double(areas.count)]
    }

    /// The metrics of `names` on resamples of the rows, each drawn row by row.
    func bootstrap(resamples wanted: Int, seed: UInt64) -> Bootstrap {
        let resamples = affordableResamples(wanted, size: rows * Swift.max(1, curves.count))
        var random = RandomSource(seed: seed ^ 0x5C0_5E5)
        var found = [[Double]](repeating: [], count: 2)
        var weights = Array(repeating: 0, count: rows)
        for _ in 0..<resamples {
            for row in 0..<rows { weights[row] = 0 }
            for _ in 0..<rows { weights[random.below(rows)] += 1 }
            let values = values(weights: weights)
            found[0].append(values[0])
            found[1].append(values[1])
        }
        var bootstrap = Bootstrap(resamples: resamples)
        bootstrap.add(Self.names[0], found[0])
        bootstrap.add(Self.names[1], found[1])
        return bootstrap
    }

    private static func binaryLosses(
        _ truths: [Int], _ positive: (label: Int, scores: [Double])
    ) -> [Double]? {
        guard positive.scores.allSatisfy({ (0...1).contains($0) }) else { return nil }
        return zip(truths, positive.scores).map { truth, score in
            logLoss(truth == positive.label ? score : 1 - score)
        }
    }

    private static func losses(
        _ truths: [Int], _ classes: [(label: Int, scores: [Double])]
    ) -> [Double]? {
        var losses: [Double] = []
        for (row, truth) in truths.enumerated() {
            var sum = 0.0
            var given = 0.0
            for one in classes {
                guard (0...1).contains(one.scores[row]) else { return nil }
                sum += one.scores[row]
                if one.label == truth { given = one.scores[row] }
            }
            // Because files round: six digits of a thousand classes sum to 1 within 0.001.
            guard abs(sum - 1) <= 1e-3 else { return nil }
            losses.append(logLoss(given))
        }
        return losses
    }

    /// Clipped to [ε, 1 − ε] as scikit-learn does, so that a certain mistake stays finite.
    private static func logLoss(_ probability: Double) -> Double {
        let epsilon = Double.ulpOfOne
        return -naturalLogarithm(Swift.min(Swift.max(probability, epsilon), 1 - epsilon))
    }
}

/// Rows in the order of a score, with ties marked.
struct RankedScores {
    private let order: [Int]
    /// Whether the row at this rank has the same score as the one before.
    private let tied: [Bool]
    private let positives: [Bool]

    init(scores: [Double], positives: [Bool]) {
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        self.order = order
        self.positives = order.map { positives[$0] }
        tied = order.indices.map { $0 > 0 && scores[order[$0]] == scores[order[$0 - 1]] }
    }

    /// The chance that a positive row scores above a negative one, ties counting half (the
    /// Mann–Whitney statistic); NaN when one of the two is missing.
    func area(weights: [Int]?) -> Double {
        var won = 0.0
        var negativesBelow = 0
        var positivesAll = 0
        var tiePositives = 0
        var tieNegatives = 0
        for rank in order.indices {
            let weight = weights.map { $0[order[rank]] } ?? 1
            if !tied[rank] {
                won += Double(tiePositives) * (Double(negativesBelow) + Double(tieNegatives) / 2)
                negativesBelow += tieNegatives
                tiePositives = 0
                tieNegatives = 0
            }
            if positives[rank] {
                tiePositives += weight
                positivesAll += weight
            } else {
                tieNegatives += weight
            }
        }
        won += Double(tiePositives) * (Double(negativesBelow) + Double(tieNegatives) / 2)
        negativesBelow += tieNegatives
        guard positivesAll > 0, negativesBelow > 0 else { return .nan }
        return won / (Double(positivesAll) * Double(negativesBelow))
    }
}
