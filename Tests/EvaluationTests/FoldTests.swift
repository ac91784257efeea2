import Domain
import Testing

@testable import Evaluation

@Suite struct FoldTests {
    private let declaration = EvaluationDeclaration(
        task: .classification, step: StepName(checked: "evaluate"), predictions: "p.csv",
        slices: ["fold"], resamples: 0)

    private func file(_ text: String, _ number: Int) -> FoldFile {
        FoldFile(bytes: Array(text.utf8), name: "fold \(number)")
    }

    @Test func `predictions of folds are one file, and a column says which`() throws {
        let files = [
            file("label,prediction,x\r\na,a,\"1,\"\"2\"\r\nb,a,\r\n", 1),
            file("label,prediction,x\nb,b,\"q\nr\"", 2),
        ]
        let joined = try joined(files)
        #expect(
            String(decoding: joined.bytes, as: UTF8.self)
                == "label,prediction,x,fold\na,a,\"1,\"\"2\",1\nb,a,,1\nb,b,\"q\nr\",2\n")
        #expect(joined.rows == [2, 1])
        let evaluated = try evaluate(declaration, folds: files, joined: joined)
        let folds = try #require(evaluated.report.folds)
        #expect(evaluated.report.rows == 3)
        #expect(evaluated.report.metric("accuracy")?.value == 2.0 / 3)
        #expect(evaluated.report.slices.map(\.value) == ["1", "2"])
        let accuracy = try #require(folds.metrics.first { $0.name == "accuracy" })
        #expect(accuracy.values == [0.5, 1])
        #expect(accuracy.mean == 0.75)
        #expect(accuracy.deviation == 0.125.squareRoot())
        #expect(render(evaluated.report).contains("mean over folds"))
    }

    @Test func `a column of the step's own stays, and other columns are refused`() throws {
        let own = try joined([file("label,prediction,fold\na,a,x\n", 1)])
        #expect(String(decoding: own.bytes, as: UTF8.self) == "label,prediction,fold\na,a,x\n")
        #expect(throws: EvaluationError.self) {
            try joined([file("label,prediction\na,a\n", 1), file("prediction,label\na,a\n", 2)])
        }
        #expect(throws: EvaluationError.self) { try joined([file("", 1)]) }
    }

    @Test func `metrics that steps wrote are averaged`() throws {
        let report = try report(
            ofFolds: [file(#"{"m": 1, "n": null}"#, 1), file(#"{"m": 2, "n": 3}"#, 2)],
            declaration: declaration)
        #expect(report.metrics.map(\.name) == ["m", "n"])
        #expect(report.metrics.map(\.value) == [1.5, nil])
        #expect(report.folds?.metrics[1].values == [nil, 3])
        #expect(report.folds?.metrics[1].mean == 3)
        #expect(report.folds?.metrics[1].deviation == nil)
    }
}
