import Domain
import Testing

@testable import Evaluation

struct PredictionsFileTests {
    @Test func `quoted cells, CRLF and a byte order mark are read`() throws {
        let text =
            "\u{FEFF}id,\"label\",prediction\r\n1,\"a,\"\"b\"\"\",\"a,\"\"b\"\"\"\r\n"
            + "2,c,\"c\""
        let report = try evaluated(text, declaration()).report
        #expect(report.classes.map(\.label) == ["a,\"b\"", "c"])
        #expect(report.rows == 2)
    }

    @Test func `a quoted cell over two lines keeps the line numbers`() {
        let text = "label,prediction\n\"a\nb\",x\nc\n"
        #expect(
            throws: EvaluationError.raggedRow(
                cells: 1, expected: 2, Place(file: "p.csv", line: 4, column: 2))
        ) { try evaluated(text, declaration()) }
    }

    @Test(arguments: [
        ("", EvaluationError.empty(Place(file: "p.csv"))),
        ("label,prediction\n", .empty(Place(file: "p.csv", line: 1))),
        (
            "label,guess\n1,1\n",
            .missingColumn("prediction", have: ["label", "guess"], Place(file: "p.csv", line: 1))
        ),
        (
            "label,prediction,label\n1,1,1\n",
            .duplicateColumn("label", Place(file: "p.csv", line: 1, column: 3))
        ),
        (
            "label,prediction\n1,2\n1,2,3\n",
            .raggedRow(cells: 3, expected: 2, Place(file: "p.csv", line: 3, column: 3))
        ),
        ("label,prediction\n1,\"2\n", .badQuote(Place(file: "p.csv", line: 2, column: 2))),
        ("label,prediction\n1,\"2\"x\n", .badQuote(Place(file: "p.csv", line: 2, column: 2))),
        ("label,prediction\n1,2\"x\n", .badQuote(Place(file: "p.csv", line: 2, column: 2))),
        (
            "label,prediction\n1,\n",
            .missingCell(column: "prediction", Place(file: "p.csv", line: 2, column: 2))
        ),
        (
            "label,prediction\n1,2\nnan,2\n",
            .notFinite(column: "label", cell: "nan", Place(file: "p.csv", line: 3, column: 1))
        ),
    ])
    func `a broken predictions file is one error with its place`(
        text: String, expected: EvaluationError
    ) {
        #expect(throws: expected) { try evaluated(text, declaration()) }
        #expect(expected.failure.hint?.isEmpty == false)
        #expect(expected.failure.place?.hasPrefix("p.csv") == true)
    }

    @Test(arguments: ["nan", "inf", "-Infinity", "0x10", "abc", "1e999", " 1"])
    func `a prediction that is no finite number is refused for regression`(cell: String) {
        #expect(
            throws: EvaluationError.notFinite(
                column: "prediction", cell: cell, Place(file: "p.csv", line: 3, column: 2))
        ) { try evaluated("label,prediction\n1,1\n2,\(cell)\n", declaration(.regression)) }
    }

    @Test func `bytes that are not UTF-8 are refused with their place`() {
        #expect(throws: EvaluationError.notUTF8(Place(file: "p.csv", line: 2, column: 1))) {
            try evaluate(
                declaration(), predictions: Array("label,prediction\n".utf8) + [0xFF, 44, 65, 10],
                fileName: "p.csv")
        }
    }

    @Test func `random bytes never crash the reader`() {
        let alphabet = Array("label,prediction\n\r\"0a.1,\u{FF}".utf8)
        for seed in 0..<2000 as Range<UInt64> {
            var random = RandomSource(seed: seed)
            var bytes = Array("label,prediction\n1,2\n2,2\n".utf8)
            for _ in 0..<random.below(12) {
                let at = random.below(bytes.count)
                if random.below(2) == 0 {
                    bytes[at] = alphabet[random.below(alphabet.count)]
                } else {
                    bytes.insert(alphabet[random.below(alphabet.count)], at: at)
                }
            }
            // Because only a crash is a failure here: an error is an answer.
            _ = try? evaluate(declaration(), predictions: bytes, fileName: "p.csv")
        }
    }

    @Test func `labels are numbers when all of them are, else texts by code point`() throws {
        let numeric = try evaluated(
            predictions([("10", "9"), ("9.0", "10"), ("-1", "9")]), declaration()
        ).report
        #expect(numeric.classes.map(\.label) == ["-1", "9", "10"])
        let texts = try evaluated(
            predictions([("10", "9"), ("b", "Z"), ("ä", "07")]), declaration()
        ).report
        #expect(texts.classes.map(\.label) == ["07", "10", "9", "Z", "b", "ä"])
    }

    @Test func `score columns must cover the labels`() {
        let header = Place(file: "p.csv", line: 1)
        #expect(throws: EvaluationError.missingScores(prefix: "score_", missing: ["b"], header)) {
            try evaluated(
                "label,prediction,score_a\na,b,0.5\n", declaration(score: "score_"))
        }
        #expect(throws: EvaluationError.scoreNeedsTwoClasses(labels: 3, header)) {
            try evaluated(
                "label,prediction,score\na,b,0.5\nc,c,0.1\n", declaration(score: "score"))
        }
        #expect(throws: EvaluationError.unknownPositive("yes", labels: ["a", "b"], header)) {
            try evaluated(
                "label,prediction,score\na,b,0.5\n", declaration(score: "score", positive: "yes"))
        }
    }

    @Test func `the positive label decides which way the score points`() throws {
        let text = "label,prediction,score\na,a,0.9\nb,b,0.2\na,b,0.6\nb,b,0.7\n"
        func area(_ positive: String?) throws -> Double? {
            try evaluated(text, declaration(score: "score", positive: positive)).report
                .metric("roc_auc")?.value
        }
        #expect(try area("a") == 0.75)
        #expect(try area("b") == 0.25)
        #expect(try area(nil) == 0.25)
    }
}

struct StepMetricsTests {
    @Test func `metrics that the step wrote become a report without rows`() throws {
        let report = try report(
            fromMetrics: Array(#"{"rmse": 0.5, "n": 3, "r2": null}"#.utf8),
            declaration: declaration(.regression), fileName: "m.json")
        #expect(report.rows == 0)
        #expect(report.metrics.map(\.name) == ["n", "r2", "rmse"])
        #expect(report.metrics.map(\.value) == [3, nil, 0.5])
    }

    @Test(arguments: [
        ("", EvaluationError.notMetrics(file: "m.json")), ("[1]", .notMetrics(file: "m.json")),
        ("{}", .noMetrics(file: "m.json")),
        (#"{"a": "1"}"#, .notANumber(metric: "a", file: "m.json")),
        (#"{"a": true}"#, .notANumber(metric: "a", file: "m.json")),
        (#"{"a": {"b": 1}}"#, .notANumber(metric: "a", file: "m.json")),
    ])
    func `anything but an object of numbers is an error`(text: String, expected: EvaluationError) {
        #expect(throws: expected) {
            try report(
                fromMetrics: Array(text.utf8), declaration: declaration(), fileName: "m.json")
        }
    }
}
