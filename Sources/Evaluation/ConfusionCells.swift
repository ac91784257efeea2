import Domain

/// The pairs of truth and prediction that occur, with their counts.
struct ConfusionCells {
    private struct Cell {
        var truth: Int
        var prediction: Int
        var count: Int
    }

    private let labels: Int
    private let rows: Int
    private let cells: [Cell]

    init(truths: [Int], predictions: [Int], labels: Int) {
        self.labels = labels
        rows = truths.count
        var counts: [Int: Int] = [:]
        for (truth, prediction) in zip(truths, predictions) {
            counts[truth * labels + prediction, default: 0] += 1
        }
        cells = counts.sorted { $0.key < $1.key }.map {
            Cell(truth: $0.key / labels, prediction: $0.key % labels, count: $0.value)
        }
    }

    var counts: ClassCounts {
        var counts = ClassCounts(labels: labels)
        for cell in cells {
            counts.add(truth: cell.truth, prediction: cell.prediction, count: cell.count)
        }
        return counts
    }

    func matrix(names: [String]) -> ConfusionMatrix {
        var counts = Array(repeating: Array(repeating: 0, count: labels), count: labels)
        for cell in cells { counts[cell.truth][cell.prediction] = cell.count }
        return ConfusionMatrix(labels: names, counts: counts)
    }

    /// The metrics of `ClassCounts.names` on resamples of as many rows.
    ///
    /// Drawing n rows with replacement gives multinomial counts, so the counts are drawn directly:
    /// cell after cell a binomial of what is left. Its cost does not grow with the rows.
    /// With `classes`, precision, recall and F1 of each label are kept too, see `classMetric`.
    func bootstrap(resamples wanted: Int, seed: UInt64, classes: Bool) -> Bootstrap {
        let resamples = affordableResamples(wanted, size: cells.count)
        var random = RandomSource(seed: seed)
        var found = Array(repeating: [Double](), count: ClassCounts.names.count)
        var byClass = Array(repeating: [Double](), count: classes ? labels * 3 : 0)
        for _ in 0..<resamples {
            let counts = resampled(&random)
            for (index, value) in counts.values().enumerated() { found[index].append(value) }
            guard classes else { continue }
            for label in 0..<labels {
                let isTruth = counts.truths[label] > 0
                byClass[label * 3].append(counts.precision(label))
                byClass[label * 3 + 1].append(isTruth ? counts.recall(label) : .nan)
                byClass[label * 3 + 2].append(counts.f1(label))
            }
        }
        var bootstrap = Bootstrap(resamples: resamples)
        for (name, values) in zip(ClassCounts.names, found) { bootstrap.add(name, values) }
        for (index, values) in byClass.enumerated() {
            let metric = classMetrics[index % 3]
            bootstrap.add(Self.classMetric(metric, label: index / 3), values)
        }
        return bootstrap
    }

    /// The name under which `bootstrap` keeps a metric of one label.
    static func classMetric(_ metric: String, label: Int) -> String { "\(metric) \(label)" }

    private func resampled(_ random: inout RandomSource) -> ClassCounts {
        var counts = ClassCounts(labels: labels)
        var drawsLeft = rows
        var rowsLeft = rows
        for cell in cells where drawsLeft > 0 {
            let drawn = random.binomial(
                trials: drawsLeft, probability: Double(cell.count) / Double(rowsLeft))
            counts.add(truth: cell.truth, prediction: cell.prediction, count: drawn)
            drawsLeft -= drawn
            rowsLeft -= cell.count
        }
        return counts
    }
}

/// The metrics that exist for each class.
let classMetrics = ["precision", "recall", "f1"]
