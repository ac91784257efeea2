package import Domain

/// Classified data that a model uses: in one of its datasets, or as a file of its own.
package struct ClassifiedUse: Hashable, Sendable {
    /// Where the model names it.
    package var place: Place
    /// What of the model holds it, for people: a dataset, or a path.
    package var holder: String
    /// Its columns, those that the dataset's own manifest classifies first.
    package var columns: [ColumnDeclaration]
    /// Nothing in the commit says so any more, but the one did whose policy is trusted.
    package var isDropped = false
}

/// Which classified data a model may use, and what it uses all the same.
struct DataUse {
    let model: ModelName
    /// nil: all.
    let allowed: Set<ColumnDeclaration.Classification>?
    /// Who says so, for people.
    let rule: String

    /// One line for each dataset or file with columns that the model may not use.
    func problems(_ uses: [ClassifiedUse]) -> [Diagnostic] {
        guard let allowed else { return [] }
        return uses.compactMap { use in
            let found = use.columns.filter { column in
                column.classification.map { !allowed.contains($0) } ?? false
            }
            guard let first = found.first, let rank = first.classification else { return nil }
            let more =
                found.count == 1
                ? "" : " and \(found.count - 1) more column\(found.count == 2 ? "" : "s")"
            return Diagnostic(
                at: use.place,
                "`\(model)` may not use `\(rank.rawValue)` data, and `\(quoted(use.holder))` "
                    + (use.isDropped ? "had it when the policy was approved: " : "has it: ")
                    + "`\(quoted(first.name))` at \(first.place)\(more)",
                hint: use.isDropped
                    ? "classify it again, or have a change of \(rule) approved"
                    : "train on a dataset without it, or have \(rule) allow it")
        }
    }
}

extension ReviewPolicy {
    /// Which classifications a model may use; nil: all, because there is no rule.
    func allowedData(of model: ModelName) -> Set<ColumnDeclaration.Classification>? {
        guard !data.isEmpty else { return nil }
        let matching = data.filter { rule in
            rule.models.isEmpty || rule.models.contains { isMatch(model.text, of: $0) }
        }
        return Set(matching.flatMap(\.allow))
    }
}

/// What a planned model uses and the policy that is trusted does not allow; its own commit's rules
/// were held against it when it was planned.
///
/// - Parameter approved: what the commit classified whose policy is trusted.
package func dataProblems(
    of plan: ModelPlan, under policy: ReviewPolicy,
    since approved: ApprovedClassification = ApprovedClassification()
) -> [Diagnostic] {
    let model = plan.declaration.name
    return DataUse(
        model: model, allowed: policy.allowedData(of: model), rule: "the trusted `review.data`"
    ).problems(plan.classifiedUses + approved.uses(of: plan))
}

extension ModelResolver {
    /// Every use of data that some manifest of the commit classifies, datasets by their roles
    /// first.
    func classifiedUses(_ datasets: [RoleName: PlannedDataset]) -> [ClassifiedUse] {
        var uses: [ClassifiedUse] = []
        for (role, planned) in datasets.sorted(by: { $0.key < $1.key }) {
            let manifest = planned.manifest
            let others = classified.columns(of: manifest, tree)
            let columns = manifest.classifiedColumns + others.map(\.declaration)
            guard !columns.isEmpty else { continue }
            uses.append(
                ClassifiedUse(
                    place: draft.datasets[role]?.place ?? Place(file: file),
                    holder: manifest.name.text, columns: columns))
        }
        guard !classified.isEmpty else { return uses }
        let paths = Self.paths(folder: folder, draft: draft, datasets: self.datasets)
        for code in paths.code(in: tree, includes: draft.includes.map(\.value)) {
            let columns = classified.columns(of: code.blob).map(\.declaration)
            guard !columns.isEmpty else { continue }
            let mention = draft.includes.first {
                $0.value == code.path || inside($0.value, code.path) != nil
            }
            uses.append(
                ClassifiedUse(
                    place: mention?.place ?? Place(file: file, line: 1, column: 1),
                    holder: code.path, columns: columns))
        }
        return uses
    }
}
