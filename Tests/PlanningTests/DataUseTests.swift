import Domain
import Testing

@testable import Planning

/// Classified data that a model may or may not use.
struct DataUseTests {
    private let classified = digits.replacing(
        "datasets/digits-test.yaml", "max: 16", with: "max: 16, classification: pii")
    private let rules = "review: {approvals: 1, exclude: [author, committer, co-authors]"

    private func ruled(_ data: String) -> Files {
        classified.replacing("slipway.yaml", rules, with: rules + ", data: [\(data)]")
    }

    private let refusal =
        "models/digits/model.yaml:3:39: `digits` may not use `pii` data, and `digits-test` has it: "
        + "`p00` at datasets/digits-test.yaml:6:5"

    private func lines(_ files: Files, by planner: Planner = Planner()) async throws -> [String] {
        try await planned(files, by: planner).allDiagnostics.map(\.line)
    }

    @Test func `without a rule a model may use all data`() async throws {
        #expect(try await lines(classified).isEmpty)
    }

    @Test func `what no rule allows is refused where the model names the dataset`() async throws {
        #expect(try await lines(ruled("{allow: []}")) == [refusal])
        #expect(try await lines(ruled("{allow: [confidential]}")) == [refusal])
        #expect(try await lines(ruled("{models: [fraud*], allow: [pii]}")) == [refusal])
        for rule in ["{allow: [pii]}", "{allow: []}, {models: ['di?its'], allow: [pii]}"] {
            #expect(try await lines(ruled(rule)).isEmpty)
        }
        let hint = try await planned(ruled("{allow: []}")).allDiagnostics.first?.hint
        #expect(hint?.contains("`review.data` of slipway.yaml") == true)
    }

    @Test func `a model may say less of itself, and never more`() async throws {
        func model(_ files: Files, _ data: String) -> Files {
            files.replacing("models/digits/model.yaml", "owner: vision", with: data)
        }
        #expect(try await lines(model(classified, "data: {allow: []}")) == [refusal])
        #expect(try await lines(model(classified, "data: {allow: [pii]}")).isEmpty)
        #expect(
            try await lines(model(ruled("{allow: []}"), "data: {allow: [pii]}")) == [refusal])
    }

    @Test func `several columns are counted, and several datasets named`() async throws {
        let files = ruled("{allow: []}")
            .replacing("datasets/digits-test.yaml", "required: true", with: "classification: pii")
            .replacing(
                "datasets/digits-train.yaml", "required: true", with: "classification: confidential"
            )
        #expect(
            try await lines(files) == [
                "models/digits/model.yaml:3:19: `digits` may not use `confidential` data, and "
                    + "`digits-train` has it: `digit` at datasets/digits-train.yaml:7:5",
                refusal + " and 1 more column",
            ])
    }

    @Test func `a rule that changes alone is held against every model`() async throws {
        let planner = Planner()
        #expect(try await lines(classified, by: planner).isEmpty)
        #expect(try await lines(ruled("{allow: []}"), by: planner) == [refusal])
        #expect(try await lines(ruled("{allow: [pii]}"), by: planner).isEmpty)
    }

    @Test func `the trusted policy is held against a plan besides`() async throws {
        let plan = try await plannedDigits(classified)
        func problems(_ data: [ReviewPolicy.DataRule]) -> [String] {
            var policy = ReviewPolicy()
            policy.data = data
            return dataProblems(of: plan, under: policy).map(\.line)
        }
        #expect(problems([]).isEmpty)
        #expect(problems([.init(allow: [.confidential])]) == [refusal])
        #expect(problems([.init(models: ["*"], allow: [.pii])]).isEmpty)
    }

    @Test func `what is no classification is named with its place`() async throws {
        let lines = try await lines(ruled("{allow: [pi]}"))
        #expect(
            lines == [
                "slipway.yaml:2:82: `review.data[0].allow[0]` must be `pii` or `confidential`, "
                    + "found `pi`; did you mean `pii`?"
            ])
        let missing = try await self.lines(ruled("{models: [a]}"))
        #expect(missing == ["slipway.yaml:2:73: `review.data[0].allow` is missing"])
    }
}
