/// How often each label is the truth, is predicted, and is predicted rightly.
struct ClassCounts {
    private(set) var hits: [Int]
    private(set) var truths: [Int]
    private(set) var predictions: [Int]
    private(set) var rows = 0

    /// The metrics that `values` returns, in its order; names as in scikit-learn.
    static let names = [
        "accuracy", "balanced_accuracy",
        "precision_macro", "recall_macro", "f1_macro",
        "precision_micro", "recall_micro", "f1_micro",
        "precision_weighted", "recall_weighted", "f1_weighted",
    ]

    init(labels: Int) {
        hits = Array(repeating: 0, count: labels)
        truths = hits
        predictions = hits
    }

    mutating func add(truth: Int, prediction: Int, count: Int) {
        truths[truth] += count
        predictions[prediction] += count
        if truth == prediction { hits[truth] += count }
        rows += count
    }

    /// Of the rows predicted as this label, the share that is right; 0 when there are none.
    func precision(_ label: Int) -> Double { share(hits[label], predictions[label]) }

    /// Of the rows whose truth is this label, the share found; 0 when there are none.
    func recall(_ label: Int) -> Double { share(hits[label], truths[label]) }

    /// 2 · hits / (truths + predictions), the harmonic mean of precision and recall; 0 without
    /// either.
    func f1(_ label: Int) -> Double {
        share(2 * hits[label], truths[label] + predictions[label])
    }

    /// The metrics of `names`; NaN without rows.
    ///
    /// Averages are over the labels that occur, as truth or as prediction; `balanced_accuracy` is
    /// the mean recall of the labels that occur as truth. A single-label problem has one value
    /// for all micro averages: the accuracy.
    func values() -> [Double] {
        guard rows > 0 else { return Self.names.map { _ in .nan } }
        var macro = (precision: 0.0, recall: 0.0, f1: 0.0)
        var weighted = macro
        var present = 0.0
        var truthful = 0.0
        var right = 0
        for label in hits.indices where truths[label] + predictions[label] > 0 {
            let one = (precision(label), recall(label), f1(label))
            macro = (macro.precision + one.0, macro.recall + one.1, macro.f1 + one.2)
            let weight = Double(truths[label])
            weighted.precision += weight * one.0
            weighted.recall += weight * one.1
            weighted.f1 += weight * one.2
            present += 1
            if truths[label] > 0 { truthful += 1 }
            right += hits[label]
        }
        let n = Double(rows)
        let accuracy = Double(right) / n
        return [
            accuracy, macro.recall / truthful,
            macro.precision / present, macro.recall / present, macro.f1 / present,
            accuracy, accuracy, accuracy,
            weighted.precision / n, weighted.recall / n, weighted.f1 / n,
        ]
    }

    private func share(_ part: Int, _ whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }
}
