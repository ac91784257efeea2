import Domain
import Testing

@testable import Planning

/// Datasets whose keys and checks name others.
@Suite struct ReferenceTests {
    private let test = "datasets/digits-test.yaml"
    private let customers = """
        files:
          - {path: data/customers.csv, sha256: \(String(repeating: "cc", count: 32))}
        columns: [{name: id, type: integer}, {name: town, type: string}]

        """
    private let trainName = DatasetName(checked: "digits-train")

    /// The test set refers to customers, who belong to no model.
    private var files: Files {
        digits
            .replacing(
                test, "checks:\n",
                with: """
                    foreign_keys:
                      - {columns: [digit], dataset: customers, references: [id]}
                    checks:
                      split_overlap: {with: digits-train}

                    """
            )
            .setting("datasets/customers.yaml", to: customers)
            .setting("data/customers.csv", to: "id,town\n1,x\n")
    }

    @Test func `a change of what is named touches the model and the verdict, not the candidate`()
        async throws
    {
        let before = try await planned(files)
        #expect(before.allDiagnostics.isEmpty, "\(before.allDiagnostics)")
        let model = try #require(before.models[ModelName(checked: "digits")])
        #expect(model.references.keys.map(\.text).sorted() == ["customers", "digits-train"])
        #expect(
            model.readDatasets.keys.map(\.text).sorted()
                == ["customers", "digits-test", "digits-train"])
        for path in ["datasets/customers.yaml", "data/customers.csv"] {
            let touched = touchedModels(changedPaths: [path], old: before, new: before)
            #expect(touched.map(\.text) == ["digits"])
        }
        for change in [
            files.replacing("datasets/customers.yaml", "cccc", with: "cdcc"),
            files.setting("data/customers.csv", to: "id,town\n2,x\n"),
        ] {
            let after = try await plannedDigits(change)
            let name = DatasetName(checked: "digits-test")
            #expect(after.validationFingerprints[name] != model.validationFingerprints[name])
            #expect(
                after.validationFingerprints[trainName] == model.validationFingerprints[trainName])
            #expect(after.candidate.fingerprint == model.candidate.fingerprint)
        }
    }

    @Test func `a planner that follows commits sees it too`() async throws {
        let planner = Planner()
        let changed = files.replacing("datasets/customers.yaml", "cccc", with: "cdcc")
        var plans: [RepositoryPlan] = []
        for files in [files, changed] {
            plans.append(
                try await planner.plan(files: files.tree) { file in
                    Array((files[file.path] ?? "").utf8)
                })
        }
        let name = DatasetName(checked: "digits-test")
        let verdicts = plans.map {
            $0.models[ModelName(checked: "digits")]?.validationFingerprints[name]
        }
        #expect(verdicts[0] != nil && verdicts[0] != verdicts[1])
    }

    @Test(arguments: [
        (
            "dataset: customers", "dataset: custmers",
            "unknown dataset `custmers`; did you mean `customers`?"
        ),
        (
            "with: digits-train", "with: digits-tain",
            "unknown dataset `digits-tain`; did you mean `digits-train`?"
        ),
        (
            "with: digits-train", "with: digits-test",
            "`split_overlap` compares `digits-test` with itself"
        ),
        (
            "references: [id]", "references: [idd]",
            "`customers` has no column `idd`; did you mean `id`?"
        ),
    ])
    func `what is not there is an error where it is named`(
        _ old: String, _ new: String, _ message: String
    ) async throws {
        let plan = try await planned(files.replacing(test, old, with: new))
        let found = plan.diagnostics.filter { $0.severity == .error }
        #expect(found.map(\.message) == [message])
        #expect(found.first?.place.file == test && found.first?.place.line != nil)
        #expect(plan.models.isEmpty && plan.brokenModels.count == 1)
    }

    @Test func `a broken dataset breaks those that name it, and a circle is none`() async throws {
        let broken = try await planned(
            files.replacing("datasets/customers.yaml", "type: integer", with: "type: number2"))
        #expect(
            broken.diagnostics.map(\.message).contains("the dataset `customers` has errors"))
        #expect(broken.datasets.keys.map(\.text) == ["digits-train"])
        let circle = try await planned(
            files.replacing(
                "datasets/customers.yaml", "files:",
                with: "foreign_keys: [{columns: [id], dataset: digits-test, references: [digit]}]\n"
                    + "files:"))
        #expect(circle.allDiagnostics.isEmpty, "\(circle.allDiagnostics)")
        #expect(circle.models.count == 1)
    }

    @Test func `of a broken dataset it is known where something is wrong`() async throws {
        let schema = "datasets/schemas/customers.json"
        let columns = "columns: [{name: id, type: integer}, {name: town, type: string}]"
        let plan = try await planned(
            files.replacing("datasets/customers.yaml", columns, with: "schema: \(schema)")
                .setting(schema, to: #"{"fields": [{"name": "id", "type": "nothing"}]}"#))
        let places = plan.brokenDatasets.mapValues { $0.map(\.file) }
        #expect(places[DatasetName(checked: "customers")] == [schema])
        #expect(places[DatasetName(checked: "digits-test")] == [test, schema])
        #expect(places.count == 2 && plan.datasets.keys.map(\.text) == ["digits-train"])
        #expect(try await planned(files).brokenDatasets.isEmpty)
    }

    // MARK: Baselines and requests

    private let train = "datasets/digits-train.yaml"

    private func compared(_ checks: String, _ more: String = "") -> Files {
        digits.replacing(train, "checks:\n", with: more + "checks:\n" + checks)
            .setting("datasets/customers.yaml", to: customers)
            .setting("data/customers.csv", to: "id,town\n1,x\n")
    }

    @Test func `a named dataset and a log are inputs of the verdict, and no version is`()
        async throws
    {
        let name = DatasetName(checked: "digits-train")
        let plain = try await plannedDigits(compared("  psi:\n"))
        var seen: Set<Fingerprint?> = [plain.validationFingerprints[name]]
        for (checks, more, references) in [
            ("  psi: {against: v1.2.0}\n", "", [String]()),
            ("  psi: {against: customers}\n", "", ["customers"]),
            ("  skew:\n", "served: {dataset: customers}\n", ["customers"]),
            ("  skew: {measure: ks}\n", "served: {dataset: customers}\n", ["customers"]),
            (
                "  skew:\n", "served: {dataset: customers, fields: {digit: id}}\n",
                ["customers"]
            ),
        ] {
            let plan = try await plannedDigits(compared(checks, more))
            #expect(plan.references.keys.map(\.text).sorted() == references)
            #expect(seen.insert(plan.validationFingerprints[name]).inserted, "\(checks)")
            #expect(plan.candidate.fingerprint == plain.candidate.fingerprint)
        }
    }

    @Test(
        arguments: [
            (
                "  psi: {against: Golden}\n", "",
                "`against: Golden` is neither a version nor the name of a dataset"
            ),
            (
                "  psi: {against: custmers}\n", "",
                "unknown dataset `custmers`; did you mean `customers`?"
            ),
            (
                "  psi: {against: digits-train}\n", "",
                "`psi` is `against: digits-train`, the dataset itself, in which nothing can have "
                    + "changed"
            ),
            (
                "  key_overlap: {with: digits-train, columns: [digit]}\n", "",
                "`key_overlap` compares `digits-train` with itself"
            ),
            (
                "  skew:\n", "served: {dataset: digits-train}\n",
                "`served` names `digits-train` itself"
            ),
            ("  skew:\n", "", "`skew` needs `served`: what it compares with"),
            ("  psi:\n", "served: {dataset: customers}\n", "no check compares with `served`"),
            (
                "  skew:\n", "served: {dataset: customers, fields: {digit: idd}}\n",
                "`customers` has no column `idd`; did you mean `id`?"
            ),
            (
                "  skew:\n", "served: {dataset: customers, fields: {digti: id}}\n",
                "there is no column `digti`; did you mean `digit`?"
            ),
            ("  skew: {measure: label_drift}\n", "served: {dataset: customers}\n", nil),
        ] as [(String, String, String?)])
    func `what cannot be compared with is an error where it is named`(
        _ checks: String, _ more: String, _ message: String?
    ) async throws {
        let plan = try await planned(compared(checks, more))
        let found = plan.diagnostics.filter { $0.severity == .error && $0.place.file == train }
        #expect(found.count == 1, "\(found)")
        if let message { #expect(found.first?.message == message) }
        #expect(found.first?.place.line != nil)
    }
}
