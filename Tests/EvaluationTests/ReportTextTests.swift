import Domain
import Testing

@testable import Evaluation

struct ReportTextTests {
    @Test func `a classification report shows interval, classes, confusion and verdict`() throws {
        let rows = [("0", "0"), ("1", "1"), ("1", "0"), ("0", "0")]
        var found = try evaluated(predictions(rows), declaration()).report
        found.metrics[0] = Metric(name: "accuracy", value: 0.75, low: 0.5, high: 1)
        let verdict = try judge(
            found, baseline: nil,
            rules: [rule("accuracy", .atLeast(0.9)), rule("f1", .notBelowBaselineBy(0))])
        let text = render(found, verdict: verdict)
        #expect(text.hasPrefix("accuracy 0.7500  95 % interval 0.5000 … 1.0000  on 4 rows\n"))
        #expect(
            text.contains(
                """
                class  precision  recall      f1  rows
                0         0.6667  1.0000  0.8000     2
                1         1.0000  0.5000  0.6667     2
                """))
        #expect(
            text.contains(
                """
                confusion matrix
                truth \\ predicted  0  1
                0                  2  ·
                1                  1  1
                """))
        #expect(text.contains("gate: failed"))
        #expect(text.contains("accuracy.at_least         FAILED   0.7500  0.9000  -0.1500"))
        #expect(text.contains("no baseline"))
    }

    @Test func `no line is wider than 100 columns, however many classes there are`() throws {
        let rows = (0..<120).map { ("label number \($0)", "label number \(($0 * 7) % 120)") }
        let found = try evaluated(predictions(rows), declaration()).report
        let text = render(found)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(text.contains("largest confusions"))
    }

    @Test func `a regression report shows its five metrics`() throws {
        let found = try evaluated(
            predictions([("1", "1.5"), ("2", "2"), ("3", "2.5")]), declaration(.regression)
        ).report
        let text = render(found)
        for name in ["mse", "rmse", "mae", "r2", "mape"] { #expect(text.contains(name)) }
        #expect(text.hasPrefix("rmse 0.4082  on 3 rows"))
    }

    @Test(arguments: [
        (0.0, "0.0000"), (-0.5, "-0.5000"), (1234.56789, "1234.5679"), (0.000_123_4, "1.234e-4"),
        (2.5e12, "2.500e12"), (0.999_96, "1.0000"), (9.9999e-5, "1.000e-4"),
    ])
    func `numbers are short and keep their size`(value: Double, text: String) {
        #expect(shortNumber(value) == text)
    }

    @Test func `an undefined number is a dash`() { #expect(shortNumber(nil) == "–") }
}
