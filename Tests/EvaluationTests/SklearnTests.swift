import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Evaluation

/// The real scikit-learn as the oracle; needs an interpreter that has it.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["SLIPWAY_TEST_PYTHON"] != nil,
        "set SLIPWAY_TEST_PYTHON to a Python with scikit-learn; `make test` does"))
struct SklearnTests {
    @Test func `metrics equal scikit-learn's on random inputs`() throws {
        var cases: [Case] = []
        for seed in 0..<240 as Range<UInt64> { cases.append(randomCase(seed)) }
        let answers = try oracle(cases)
        try #require(answers.count == cases.count)
        for (seed, (one, answer)) in zip(cases, answers).enumerated() {
            let report = try evaluated(one.csv, one.declaration).report
            for (name, expected) in answer.metrics {
                let metric = try #require(report.metric(name), "\(name), seed \(seed)")
                expectClose(metric.value, expected, "\(name), seed \(seed)")
            }
            if let confusion = report.confusion {
                #expect(confusion.counts == answer.confusion, "seed \(seed)")
            }
            for (found, expected) in zip(report.classes, answer.classes) {
                expectClose(found.precision, expected[0], "precision, seed \(seed)")
                expectClose(found.recall, expected[1], "recall, seed \(seed)")
                expectClose(found.f1, expected[2], "f1, seed \(seed)")
                #expect(Double(found.support) == expected[3], "seed \(seed)")
            }
            #expect(report.classes.count == answer.classes.count, "seed \(seed)")
        }
    }
}

private func expectClose(_ found: Double?, _ expected: Double?, _ what: String) {
    guard let found, let expected else {
        #expect(found == nil && expected == nil, "\(what): \(found as Any), \(expected as Any)")
        return
    }
    #expect(
        abs(found - expected) <= 1e-9 * Swift.max(1, abs(expected)),
        "\(what): \(found), scikit-learn \(expected)")
}

/// One case as the oracle reads it.
private struct Case: Encodable {
    var task: String
    var label: [Label] = []
    var prediction: [Label] = []
    var score: [Double]?
    var scores: [[Double]]?
    var truth: [Double] = []
    var estimate: [Double] = []
    /// The labels in order, for the score columns.
    var labels: [Label] = []

    enum CodingKeys: String, CodingKey {
        case task, label, prediction, score, scores, truth, estimate
    }

    enum Label: Encodable, Hashable {
        case number(Int)
        case text(String)

        var csv: String {
            switch self {
            case .number(let number): String(number)
            case .text(let text): text
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    var declaration: EvaluationDeclaration {
        EvaluationTests.declaration(
            task == "regression" ? .regression : .classification,
            score: score != nil ? "score" : scores != nil ? "score_" : nil)
    }

    var csv: String {
        if task == "regression" {
            return "label,prediction\n"
                + zip(truth, estimate).map { "\($0),\($1)\n" }.joined()
        }
        var header = ["label", "prediction"]
        if score != nil { header.append("score") }
        if scores != nil { header += labels.map { "score_\($0.csv)" } }
        var lines = [header.joined(separator: ",")]
        for row in label.indices {
            var cells = [label[row].csv, prediction[row].csv]
            if let score { cells.append("\(score[row])") }
            if let scores { cells += scores[row].map { "\($0)" } }
            lines.append(cells.joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

private struct Answer: Decodable {
    var metrics: [String: Double?]
    var classes: [[Double]]
    var confusion: [[Int]]
}

private func randomCase(_ seed: UInt64) -> Case {
    var random = RandomSource(seed: seed)
    let rows = 1 + random.below(seed % 5 == 0 ? 6 : 200)
    return seed % 3 == 0
        ? regressionCase(&random, rows: rows) : classificationCase(&random, rows: rows)
}

private func classificationCase(_ random: inout RandomSource, rows: Int) -> Case {
    let classes = 1 + random.below(6)
    let names = ["zebra", "ant", "Bee", "cow", "ähre", "dog"]
    let isText = random.below(2) == 0
    let all = (0..<classes).map { index in
        isText ? Case.Label.text(names[index]) : .number(index * 7 - 9)
    }
    var one = Case(task: "classification")
    for _ in 0..<rows {
        let truth = random.below(classes)
        one.label.append(all[truth])
        one.prediction.append(all[random.below(10) < 6 ? truth : random.below(classes)])
    }
    one.labels = ordered(Set(one.label).union(one.prediction))
    guard random.below(3) > 0, one.labels.count > 1 else { return one }
    if one.labels.count == 2 {
        one.score = (0..<rows).map { _ in Double(random.below(21)) / 20 }
        return one
    }
    one.scores = (0..<rows).map { _ in
        // Because ties and zeros are where such code goes wrong.
        let weights = one.labels.map { _ in Double(random.below(5)) }
        let sum = weights.reduce(0, +)
        return sum == 0 ? weights.map { _ in 1 / Double(weights.count) } : weights.map { $0 / sum }
    }
    return one
}

private func ordered(_ labels: Set<Case.Label>) -> [Case.Label] {
    labels.sorted { left, right in
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        default: left.csv.unicodeScalars.lexicographicallyPrecedes(right.csv.unicodeScalars)
        }
    }
}

private func regressionCase(_ random: inout RandomSource, rows: Int) -> Case {
    var one = Case(task: "regression")
    let isConstant = random.below(6) == 0
    let isExact = random.below(8) == 0
    let scale = [1e-3, 1, 1e6][random.below(3)]
    for _ in 0..<rows {
        let truth = isConstant ? 2 : random.below(20) == 0 ? 0 : (random.unit() - 0.4) * scale
        one.truth.append(truth)
        one.estimate.append(isExact ? truth : truth + (random.unit() - 0.5) * scale / 3)
    }
    return one
}

private func oracle(_ cases: [Case]) throws -> [Answer] {
    _ = try #require(ProcessInfo.processInfo.environment["SLIPWAY_TEST_PYTHON"])
    let output = try python("sklearn_oracle.py", JSONEncoder().encode(cases))
    return try JSONDecoder().decode([Answer].self, from: Data(output))
}
