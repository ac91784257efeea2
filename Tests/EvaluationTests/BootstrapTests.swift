import Domain
import Testing

@testable import Evaluation

struct BootstrapTests {
    @Test func `intervals are equal under the same seed and differ under another`() throws {
        let text = randomPredictions(rows: 300, rightOf10: 8, seed: 3)
        let first = try evaluated(text, declaration(resamples: 200, seed: 1)).report
        let again = try evaluated(text, declaration(resamples: 200, seed: 1)).report
        let other = try evaluated(text, declaration(resamples: 200, seed: 2)).report
        #expect(first == again)
        #expect(first.metric("accuracy")?.low != nil)
        #expect(first.metric("recall_weighted")?.value == other.metric("recall_weighted")?.value)
        #expect(first.metrics != other.metrics)
    }

    @Test func `plain names carry the macro averages and their intervals`() throws {
        let report = try evaluated(
            randomPredictions(rows: 100, rightOf10: 7, seed: 5), declaration(resamples: 100)
        ).report
        for name in ["precision", "recall", "f1"] {
            let plain = try #require(report.metric(name))
            let macro = try #require(report.metric("\(name)_macro"))
            #expect(plain.value == macro.value && plain.low == macro.low && plain.low != nil)
        }
    }

    @Test func `the interval of accuracy is near the analytic one`() throws {
        let report = try evaluated(
            randomPredictions(rows: 2000, rightOf10: 8, seed: 11), declaration(resamples: 1000)
        ).report
        let metric = try #require(report.metric("accuracy"))
        let value = try #require(metric.value)
        let half = 1.96 * (value * (1 - value) / 2000).squareRoot()
        #expect(abs(try #require(metric.low) - (value - half)) < half / 5)
        #expect(abs(try #require(metric.high) - (value + half)) < half / 5)
    }

    @Test func `the interval of a mean error is near the analytic one`() throws {
        var random = RandomSource(seed: 4)
        var errors: [Double] = []
        var text = "label,prediction\n"
        for _ in 0..<500 {
            let error = random.unit()
            errors.append(error)
            text += "1,\(1 + error)\n"
        }
        let mean = errors.reduce(0, +) / 500
        let variance = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 499
        let half = 1.96 * (variance / 500).squareRoot()
        let metric = try #require(
            try evaluated(text, declaration(.regression, resamples: 1000)).report.metric("mae"))
        #expect(abs(try #require(metric.value) - mean) < 1e-12)
        #expect(abs(try #require(metric.low) - (mean - half)) < half / 5)
        #expect(abs(try #require(metric.high) - (mean + half)) < half / 5)
    }

    @Test func `scores get intervals too, and one class leaves the area undefined`() throws {
        var random = RandomSource(seed: 9)
        var text = "label,prediction,score\n"
        for _ in 0..<200 {
            let truth = random.below(2)
            text += "\(truth),\(truth),\((random.unit() * 2 + Double(truth)) / 3)\n"
        }
        let report = try evaluated(text, declaration(score: "score", resamples: 100)).report
        let area = try #require(report.metric("roc_auc"))
        #expect(try #require(area.low) < #require(area.value))
        #expect(try #require(area.value) < #require(area.high))
        let single = try evaluated(
            "label,prediction,score\n1,1,0.5\n1,1,0.6\n", declaration(score: "score")
        ).report
        #expect(single.metric("roc_auc")?.value == nil)
    }

    @Test func `wider levels give wider bounds, for all, classes and slices`() throws {
        var text = "label,prediction,site\n"
        var random = RandomSource(seed: 2)
        for row in 0..<400 {
            let truth = random.below(2)
            let prediction = random.below(10) < 8 ? truth : 1 - truth
            text += "\(truth),\(prediction),\(row % 2 == 0 ? "north" : "south")\n"
        }
        let rules = [0.8, 0.99].flatMap { level in
            [
                rule("accuracy", .atLeast(0), confidence: level),
                rule("recall", .eachClassAtLeast(0), confidence: level),
                rule("accuracy", .eachSliceAtLeast(0), confidence: level),
            ]
        }
        let found = try evaluated(text, declaration(slices: ["site"], resamples: 400), rules: rules)
        #expect(found.bounds.count == 2 * (1 + 2 + 2))
        for narrow in found.bounds where narrow.confidence == 0.8 {
            let wide = try #require(
                found.bounds.first {
                    $0.metric == narrow.metric && $0.scope == narrow.scope && $0.confidence == 0.99
                })
            #expect(wide.low < narrow.low && narrow.high < wide.high)
        }
        let plain = try evaluated(text, declaration(slices: ["site"], resamples: 400))
        #expect(plain.report == found.report)
        #expect(plain.report.slices.map(\.value) == ["north", "south"])
        #expect(plain.report.slices.map(\.rows) == [200, 200])
    }

    @Test(arguments: [(5, 0.3), (40, 0.5), (1000, 0.004), (1000, 0.03), (100_000, 0.7)])
    func `binomial draws have the right mean and variance`(trials: Int, probability: Double) {
        var random = RandomSource(seed: 17)
        let draws = (0..<20_000).map { _ in
            Double(random.binomial(trials: trials, probability: probability))
        }
        let mean = draws.reduce(0, +) / 20_000
        let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        let expected = Double(trials) * probability
        let spread = expected * (1 - probability)
        #expect(abs(mean - expected) < 5 * (spread / 20_000).squareRoot())
        #expect(abs(variance / spread - 1) < 0.08)
    }

    @Test func `the generator is xoshiro256** seeded by SplitMix64`() {
        var random = RandomSource(seed: 0)
        #expect(random.next() == 0x99EC_5F36_CB75_F2B4)
        #expect(random.next() == 0xBF6E_1F78_4956_452A)
    }

    @Test func `the logarithm is right to the last digits`() {
        #expect(naturalLogarithm(1) == 0)
        #expect(abs(naturalLogarithm(10) - 2.302_585_092_994_045_7) < 1e-15)
        #expect(abs(naturalLogarithm(2.220446049250313e-16) + 36.043_653_389_117_15) < 1e-13)
        #expect(abs(naturalLogarithm(0.999_999_9) + 1.000_000_050_000_003_3e-7) < 1e-16)
    }

    @Test func `large files fold into fewer resamples, never below 200`() {
        #expect(affordableResamples(1000, size: 360) == 1000)
        #expect(affordableResamples(1000, size: 50_000) == 400)
        #expect(affordableResamples(1000, size: 10_000_000) == 200)
        #expect(affordableResamples(50, size: 10_000_000) == 50)
    }
}

/// Rows of three classes of which `rightOf10` in ten are predicted rightly.
private func randomPredictions(rows: Int, rightOf10: Int, seed: UInt64) -> String {
    var random = RandomSource(seed: seed)
    return predictions(
        (0..<rows).map { _ in
            let truth = random.below(3)
            let prediction = random.below(10) < rightOf10 ? truth : (truth + 1) % 3
            return ("\(truth)", "\(prediction)")
        })
}
