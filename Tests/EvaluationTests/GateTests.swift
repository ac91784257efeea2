import Domain
import Testing

@testable import Evaluation

struct GateTests {
    /// One row of the table: everything that a rule over all rows can meet.
    struct Row: CustomTestStringConvertible {
        var bound: PromotionRule.Bound
        var isFloor: Bool
        var comparesBaseline: Bool
        /// Signed distance from the limit to the good side; nil: undefined.
        var distance: Double?
        var rows: Int
        var baseline: Baseline
        var confidence: Double?

        enum Baseline: CaseIterable { case none, undefined, defined }

        var testDescription: String { "\(bound) \(String(describing: distance)) \(baseline)" }

        /// What the design says, written independently of the gate.
        var expected: RuleVerdict.Outcome {
            if comparesBaseline, baseline == .none { return .notApplicable }
            if comparesBaseline, baseline == .undefined { return .notEnoughEvidence }
            guard let distance, rows >= 100 else { return .notEnoughEvidence }
            if confidence == 0.9 { return .notEnoughEvidence }
            // The bound of the interval is 0.02 worse than the value.
            return (confidence == nil ? distance : distance - 0.02) >= -1e-12 ? .passed : .failed
        }
    }

    static let table: [Row] = {
        let bounds: [(PromotionRule.Bound, Bool, Bool)] = [
            (.atLeast(0.5), true, false), (.atMost(0.5), false, false),
            (.notBelowBaselineBy(0.1), true, true), (.notAboveBaselineBy(0.1), false, true),
        ]
        var rows: [Row] = []
        for (bound, isFloor, compares) in bounds {
            for distance in [nil, -0.1, -0.01, 0, 0.01, 0.02, 0.1] as [Double?] {
                for count in [0, 99, 100] {
                    for baseline in Row.Baseline.allCases {
                        for confidence in [nil, 0.95, 0.9] as [Double?] {
                            rows.append(
                                Row(
                                    bound: bound, isFloor: isFloor, comparesBaseline: compares,
                                    distance: distance, rows: count, baseline: baseline,
                                    confidence: confidence))
                        }
                    }
                }
            }
        }
        return rows
    }()

    @Test func `every rule over all rows decides as the table says`() throws {
        for row in Self.table {
            // With a baseline of 0.6 (0.4) and an allowance of 0.1 every limit is 0.5.
            let value = row.distance.map { row.isFloor ? 0.5 + $0 : 0.5 - $0 }
            let report = report(
                rows: row.rows,
                Metric(
                    name: "score", value: value, low: value.map { $0 - 0.02 },
                    high: value.map { $0 + 0.02 }))
            let reference = row.isFloor ? 0.6 : 0.4
            let baseline: Report? =
                switch row.baseline {
                case .none: nil
                case .undefined: self.report(rows: 100, Metric(name: "score", value: nil))
                case .defined: self.report(rows: 100, Metric(name: "score", value: reference))
                }
            let verdict = try judge(
                report, baseline: baseline,
                rules: [rule("score", row.bound, confidence: row.confidence, samples: 100)])
            #expect(verdict.rules[0].outcome == row.expected, "\(row)")
            let overall: Verdict.Outcome =
                switch row.expected {
                case .passed, .notApplicable: .passed
                case .failed: .failed
                case .notEnoughEvidence: .notEnoughEvidence
                }
            #expect(verdict.outcome == overall, "\(row)")
        }
    }

    @Test func `one failed rule outweighs missing evidence, which outweighs the rest`() throws {
        let report = report(
            rows: 10, Metric(name: "a", value: 0.5), Metric(name: "b", value: nil))
        let passes = rule("a", .atLeast(0.4))
        let fails = rule("a", .atLeast(0.6))
        let lacks = rule("b", .atLeast(0.6))
        func outcome(_ rules: PromotionRule...) throws -> Verdict.Outcome {
            try judge(report, baseline: nil, rules: rules).outcome
        }
        #expect(try outcome() == .passed)
        #expect(try outcome(passes) == .passed)
        #expect(try outcome(passes, lacks) == .notEnoughEvidence)
        #expect(try outcome(lacks, fails, passes) == .failed)
    }

    @Test func `a verdict names value, limit, margin and interval`() throws {
        let report = report(rows: 360, Metric(name: "accuracy", value: 0.93, low: 0.9, high: 0.96))
        let verdict = try judge(
            report, baseline: nil, rules: [rule("accuracy", .atLeast(0.95))]
        ).rules[0]
        #expect(verdict.rule == "accuracy.at_least")
        #expect(verdict.value == 0.93 && verdict.limit == 0.95)
        #expect(abs(try #require(verdict.margin) + 0.02) < 1e-12)
        #expect(verdict.low == 0.9 && verdict.high == 0.96)
        #expect(verdict.place.line == 9)
    }

    @Test func `the worst class decides and is named`() throws {
        var report = report(rows: 30, Metric(name: "recall", value: 0.8))
        report.classes = [
            ClassReport(label: "cat", support: 10, precision: 1, recall: 0.9, f1: 0.9),
            ClassReport(label: "dog", support: 10, precision: 1, recall: 0.5, f1: 0.6),
            ClassReport(label: "eel", support: 10, precision: 1, recall: 0.7, f1: 0.8),
        ]
        let failed = try judge(
            report, baseline: nil, rules: [rule("recall", .eachClassAtLeast(0.75))]
        ).rules[0]
        #expect(failed.outcome == .failed && failed.about == "class dog" && failed.value == 0.5)
        let passed = try judge(
            report, baseline: nil, rules: [rule("recall", .eachClassAtLeast(0.5))]
        ).rules[0]
        #expect(passed.outcome == .passed && passed.about == "class dog" && passed.margin == 0)
        let most = try judge(
            report, baseline: nil, rules: [rule("recall", .eachClassAtMost(0.8))]
        ).rules[0]
        #expect(most.outcome == .failed && most.about == "class cat")
    }

    @Test func `a class without enough rows is missing evidence unless another one fails`() throws {
        var report = report(rows: 15, Metric(name: "recall", value: 0.8))
        report.classes = [
            ClassReport(label: "cat", support: 14, precision: 1, recall: 0.9, f1: 0.9),
            ClassReport(label: "dog", support: 1, precision: 1, recall: 0, f1: 0),
            ClassReport(label: "eel", support: 0, precision: 0, recall: 0, f1: 0),
        ]
        let few = try judge(
            report, baseline: nil, rules: [rule("recall", .eachClassAtLeast(0.5), samples: 10)])
        #expect(few.outcome == .notEnoughEvidence)
        let one = try judge(
            report, baseline: nil, rules: [rule("recall", .eachClassAtLeast(0.5))])
        #expect(one.outcome == .failed && one.rules[0].about == "class dog")
    }

    @Test func `the worst slice decides and is named`() throws {
        var report = report(rows: 30, Metric(name: "accuracy", value: 0.8))
        report.slices = [
            SliceReport(
                column: "site", value: "north", rows: 20,
                metrics: [Metric(name: "accuracy", value: 0.9)]),
            SliceReport(
                column: "site", value: "south", rows: 10,
                metrics: [Metric(name: "accuracy", value: 0.6)]),
        ]
        let verdict = try judge(
            report, baseline: nil, rules: [rule("accuracy", .eachSliceAtLeast(0.7))]
        ).rules[0]
        #expect(verdict.outcome == .failed && verdict.about == "slice site = south")
        let few = try judge(
            report, baseline: nil, rules: [rule("accuracy", .eachSliceAtLeast(0.7), samples: 15)])
        #expect(few.outcome == .notEnoughEvidence)
    }

    @Test func `bounds at other levels are used where a rule asks for them`() throws {
        let report = report(rows: 30, Metric(name: "accuracy", value: 0.8, low: 0.7, high: 0.9))
        let bound = IntervalBound(
            metric: "accuracy", scope: .overall, confidence: 0.8, low: 0.75, high: 0.85)
        let verdict = try judge(
            report, bounds: [bound], baseline: nil,
            rules: [
                rule("accuracy", .atLeast(0.72), confidence: 0.8),
                rule("accuracy", .atLeast(0.72), confidence: 0.95),
                rule("accuracy", .atLeast(0.72), confidence: 0.99),
            ])
        #expect(verdict.rules.map(\.outcome) == [.passed, .failed, .notEnoughEvidence])
        #expect(verdict.rules[0].value == 0.75)
    }

    @Test func `a rule about something that is not measured is an error that names what is`() {
        let report = report(rows: 30, Metric(name: "accuracy", value: 0.8))
        let place = Place(file: "model.yaml", line: 9, column: 3)
        #expect(
            throws: EvaluationError.unknownMetric(
                rule: "acuracy.at_least", known: ["accuracy"], place)
        ) { try judge(report, baseline: nil, rules: [rule("acuracy", .atLeast(0))]) }
        #expect(
            throws: EvaluationError.nothingToCompare(
                rule: "accuracy.each_slice_at_least", needs: "slices", place)
        ) { try judge(report, baseline: nil, rules: [rule("accuracy", .eachSliceAtLeast(0))]) }
    }

    @Test func `the same mistakes are found before anything is trained`() throws {
        let rules = [
            rule("accuracy", .atLeast(0.9)), rule("rmse", .atMost(1)),
            rule("roc_auc", .atLeast(0.9)), rule("accuracy", .eachClassAtLeast(0.9)),
            rule("accuracy", .eachSliceAtLeast(0.9)), rule("f1", .notBelowBaselineBy(0)),
        ]
        let found = diagnostics(for: rules, evaluation: declaration())
        #expect(found.count == 4)
        #expect(found.allSatisfy { $0.hint != nil && $0.place.line == 9 })
        let measured = try evaluated(
            "label,prediction,score\na,a,0.1\nb,b,0.9\n", declaration(score: "score")
        ).report
        #expect(measured.metrics.map(\.name) == metricNames(declaration(score: "score")))
    }

    private func report(rows: Int, _ metrics: Metric...) -> Report {
        Report(task: .classification, rows: rows, metrics: metrics)
    }
}
