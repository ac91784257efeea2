package import Domain

/// Which classified data a model may use, and what it uses all the same.
struct DataUse {
    let model: ModelName
    /// nil: all.
    let allowed: Set<ColumnDeclaration.Classification>?
    /// Who says so, for people.
    let rule: String

    /// One line for each use of a dataset with columns that the model may not use.
    func problems(
        _ datasets: [RoleName: DatasetManifest], at places: [RoleName: Place]
    ) -> [Diagnostic] {
        guard let allowed else { return [] }
        return datasets.sorted { $0.key < $1.key }.compactMap { role, manifest in
            let found = manifest.classifiedColumns.filter { column in
                column.classification.map { !allowed.contains($0) } ?? false
            }
            guard let first = found.first, let rank = first.classification else { return nil }
            let more =
                found.count == 1
                ? "" : " and \(found.count - 1) more column\(found.count == 2 ? "" : "s")"
            return Diagnostic(
                at: places[role] ?? Place(file: "models/\(model)/model.yaml"),
                "`\(model)` may not use `\(rank.rawValue)` data, and `\(manifest.name)` has it: "
                    + "`\(quoted(first.name))` at \(first.place)\(more)",
                hint: "train on a dataset without it, or have \(rule) allow it")
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
package func dataProblems(of plan: ModelPlan, under policy: ReviewPolicy) -> [Diagnostic] {
    let model = plan.declaration.name
    return DataUse(
        model: model, allowed: policy.allowedData(of: model), rule: "the trusted `review.data`"
    ).problems(plan.datasets, at: plan.datasetPlaces)
}
