import Domain
import Testing

@testable import Planning

/// Models that are measured on data that they are trained on too.
@Suite struct FoldTests {
    private let path = "models/digits/model.yaml"

    private func files(_ folds: String) -> Files {
        digits.replacing(
            path, "datasets: {train: digits-train, test: digits-test}",
            with:
                "datasets: {train: digits-train}\nfolds: \(folds)")
    }

    private func name(_ text: String) -> StepName { StepName(checked: text) }

    @Test func `every step that leads to the evaluation runs once for each fold`() async throws {
        let plan = try await plannedDigits(files("{k: 3, seed: 7}"))
        let folds = try #require(plan.folds)
        #expect(
            plan.runSteps.map(\.name.text) == [
                "train", "train-fold-1", "evaluate-fold-1", "train-fold-2", "evaluate-fold-2",
                "train-fold-3", "evaluate-fold-3",
            ])
        #expect(plan.runSteps[4].needs == [name("train-fold-2")])
        #expect(Set(plan.stepFingerprints.keys) == Set(plan.runSteps.map(\.name)))
        #expect(Set(plan.stepFingerprints.values).count == 7)
        let paths = folds.folds.flatMap { [$0.train, $0.test] }.flatMap(\.files).map(\.path)
        #expect(Set(paths).count == 6)
        #expect(paths[0] == ".slipway/prepared/digits-train.fold-1.train.csv")
        #expect(folds.whole.files.map(\.path) == [".slipway/prepared/digits-train.whole.csv"])
        #expect(folds.whole.rawFiles == plan.datasets[folds.role]?.files)
    }

    @Test func `what makes other folds makes another candidate`() async throws {
        let before = try await plannedDigits(files("{k: 3}"))
        for other in [
            "{k: 4}", "{k: 3, seed: 1}", "{k: 3, by: hash, columns: [p00]}", "{hold_out: 0.2}",
            "{k: 3, by: stratified, columns: [digit]}",
        ] {
            let after = try await plannedDigits(files(other))
            #expect(after.candidate.fingerprint != before.candidate.fingerprint, "\(other)")
            #expect(after.evaluateFingerprint != before.evaluateFingerprint, "\(other)")
            let fold = name("train-fold-1")
            #expect(after.stepFingerprints[fold] != before.stepFingerprints[fold], "\(other)")
            #expect(
                after.stepFingerprints[name("train")] == before.stepFingerprints[name("train")],
                "what is released is trained on the same rows")
            #expect(differences(from: before, to: after).contains { $0.subject == "folds" })
        }
        // The rows are written anew, so how they are read is what is trained on, and measured on.
        let train = "datasets/digits-train.yaml"
        for (old, new) in [
            ("checks:\n", "checks:\n  missing_values: [NA]\n"),
            ("format: csv\n", "format: csv\ndialect: {delimiter: ;}\n"),
        ] {
            let after = try await plannedDigits(
                files("{k: 3}").replacing(train, old, with: new))
            #expect(after.candidate.fingerprint != before.candidate.fingerprint, "\(new)")
            #expect(after.evaluateFingerprint != before.evaluateFingerprint, "\(new)")
        }
        let without = try await plannedDigits(digits)
        #expect(without.folds == nil)
        #expect(without.runSteps == without.declaration.steps)
    }

    @Test(arguments: [
        ("{}", "4:8: `folds` needs either `k` or `hold_out`"),
        ("{k: 3, hold_out: 0.2}", "4:8: `folds` needs either `k` or `hold_out`"),
        ("{k: 1}", "4:12: `folds.k` must be a whole number from 2 to 50, found `1`"),
        ("{k: 3, columns: [p00]}", "4:24: `columns` means nothing with `by: random`"),
        ("{k: 3, by: group}", "4:8: `by: group` needs `columns`"),
        (
            "{k: 3, by: time, columns: [p00]}",
            "4:19: `folds.by` must be `random` or `stratified` or `group` or `hash`, found `time`"
        ),
        (
            "{k: 3, by: group, columns: [p0]}",
            "4:8: `digits-train` has no column `p0`; did you mean `p00`?"
        ),
        ("{k: 3, dataset: all}", "4:8: `datasets` has no role `all`, which `folds` parts"),
    ])
    func `a mistake is named at its place`(_ folds: String, _ says: String) async throws {
        let plan = try await planned(files(folds))
        let said = plan.brokenModels[ModelName(checked: "digits")]?.map(\.line) ?? []
        #expect(said.contains("\(path):\(says)"), "\(said)")
    }

    @Test func `folds need a role of their own, and two steps`() async throws {
        let twice = try await planned(
            digits.replacing(path, "parameters:", with: "folds: {k: 3}\nparameters:"))
        #expect(
            twice.brokenModels[ModelName(checked: "digits")]?.map(\.line) == [
                "\(path):4:8: `folds` makes the role `test`, and `datasets` has one too"
            ])
        let single = try await planned(
            files("{k: 3}").replacing(path, "needs: [train], ", with: ""))
        #expect(
            single.brokenModels[ModelName(checked: "digits")]?.map(\.line) == [
                "\(path):4:8: `folds` needs a step that trains before `evaluate`, which evaluates"
            ])
        let clash = try await planned(
            files("{k: 3}").replacing(
                path, "  evaluate:", with: "  train-fold-2: {run: make}\n  evaluate:"))
        #expect(
            clash.brokenModels[ModelName(checked: "digits")]?.map(\.line) == [
                "\(path):4:8: a step cannot be called `train-fold-2`, as one of a fold would be"
            ])
    }
}
