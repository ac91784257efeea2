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

    @Test func `a second manifest over the same file hides nothing`() async throws {
        let alias = "datasets/alias.yaml"
        let bare = try #require(digits["datasets/digits-test.yaml"])
        let copied = digits["data/digits-test.csv"]
        for (path, manifest) in [
            // The same entry; the same bytes elsewhere, under another digest; and a pattern.
            ("", bare),
            (
                "data/copy.csv",
                bare.replacing("data/digits-test.csv", with: "data/copy.csv")
                    .replacing("a0a0", with: "a1a1")
            ),
            (
                "",
                bare.replacing("data/digits-test.csv", with: "\"data/*-test.csv\"")
                    .replacing("a0a0", with: "a1a1")
            ),
        ] {
            var files = ruled("{allow: [confidential]}").setting(alias, to: manifest)
                .replacing(
                    "models/digits/model.yaml", "test: digits-test", with: "test: alias")
            if !path.isEmpty { files[path] = copied }
            #expect(
                try await lines(files) == [
                    refusal.replacing("`digits-test` has it", with: "`alias` has it")
                ], "\(manifest)")
            #expect(try await lines(ruledOut(files)).isEmpty)
        }
    }

    private func ruledOut(_ files: Files) -> Files {
        files.replacing("slipway.yaml", "{allow: [confidential]}", with: "{allow: [pii]}")
    }

    @Test func `a model that takes the file as its own uses it`() async throws {
        let files = ruled("{allow: []}")
            .replacing("models/digits/model.yaml", ", test: digits-test", with: "")
        #expect(try await lines(files).isEmpty)
        let included = files.replacing(
            "models/digits/model.yaml", "[shared/features]", with: "[shared/features, data]")
        let refused =
            "`digits` may not use `pii` data, and `data/digits-test.csv` has it: "
            + "`p00` at datasets/digits-test.yaml:6:5"
        #expect(
            try await lines(included) == ["models/digits/model.yaml:6:29: " + refused])
        let copied = files.setting("models/digits/own.csv", to: files["data/digits-test.csv"])
        #expect(
            try await lines(copied) == [
                "models/digits/model.yaml:1:1: "
                    + refused.replacing("data/digits-test.csv", with: "models/digits/own.csv")
            ])
    }

    @Test func `what one manifest says of a file holds for models planned before`() async throws {
        let open = ruled("{allow: []}").replacing(
            "datasets/digits-test.yaml", ", classification: pii", with: "")
        let aliased = open.setting("datasets/alias.yaml", to: open["datasets/digits-test.yaml"])
            .replacing("models/digits/model.yaml", "test: digits-test", with: "test: alias")
        let planner = Planner()
        #expect(try await lines(aliased, by: planner).isEmpty)
        let classified = aliased.replacing(
            "datasets/digits-test.yaml", "max: 16", with: "max: 16, classification: pii")
        #expect(try await lines(classified, by: planner).count == 1)
        #expect(try await lines(aliased, by: planner).isEmpty)
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

    @Test func `what was classified when the policy was approved stays so`() async throws {
        let approved = ApprovedClassification(try await planned(classified))
        var policy = ReviewPolicy()
        policy.data = [.init(allow: [.confidential])]
        func problems(_ files: Files) async throws -> [String] {
            let plan = try await plannedDigits(files)
            return dataProblems(of: plan, under: policy, since: approved).map(\.line)
        }
        let dropped = refusal.replacing("has it:", with: "had it when the policy was approved:")
        #expect(try await problems(classified) == [refusal], "once, not twice")
        #expect(try await problems(digits) == [dropped])
        // By the bytes, whatever it is called; by the path, whatever the bytes.
        let manifest = digits["datasets/digits-test.yaml"] ?? ""
        let renamed = digits.setting("datasets/other.yaml", to: manifest)
            .setting("datasets/digits-test.yaml", to: nil)
            .replacing("models/digits/model.yaml", "test: digits-test", with: "test: other")
        let other = dropped.replacing("`digits-test` had", with: "`other` had")
        #expect(try await problems(renamed) == [other])
        #expect(
            try await problems(renamed.replacing("datasets/other.yaml", "a0a0", with: "a1a0"))
                == [other])
        let included = renamed.replacing(
            "models/digits/model.yaml", ", test: other", with: ""
        ).replacing("models/digits/model.yaml", "[shared/features]", with: "[data]")
        #expect(
            try await problems(included) == [
                "models/digits/model.yaml:1:1: "
                    + dropped.split(separator: ": ", maxSplits: 1)[1]
                    .replacing("`digits-test` had", with: "`data/digits-test.csv` had")
            ])
        // A column that no file may have any more is none.
        #expect(
            try await problems(
                digits.replacing(
                    "datasets/digits-test.yaml",
                    "  - {name: p00, type: integer, min: 0, max: 16}\n", with: "")
            ).isEmpty)
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
