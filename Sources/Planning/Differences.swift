import Domain

/// One thing in which two plans of a model differ, in words.
package struct PlanDifference: Hashable, Sendable {
    /// `parameters.gamma`, `code`, `promotion.accuracy.at_least`
    package var subject: String
    /// `0.001 → 0.01`
    package var change: String
    /// Whether it makes another candidate; otherwise it only decides anew.
    package var shapesModel: Bool
    /// A threshold became easier to meet, or a rule went away: it stands first in every report.
    package var lowers: Bool

    /// `parameters.gamma: 0.001 → 0.01`
    package var text: String { "\(subject): \(change)" }
}

/// Returns in what the plans differ: what was lowered first, then what shapes the model.
package func differences(from old: ModelPlan, to new: ModelPlan) -> [PlanDifference] {
    var comparison = Comparison()
    let before = old.declaration
    let after = new.declaration
    comparison.shapesModel = true
    comparison.compare("parameters", flat(before.parameters), flat(after.parameters))
    comparison.compare("datasets", texts(before.datasets), texts(after.datasets))
    comparison.compareDigests(old, new)
    comparison.compare("python", before.python ?? "none", after.python ?? "none")
    comparison.compare("includes", list(before.includes), list(after.includes))
    comparison.compareSteps(before.steps, after.steps)
    comparison.compare("evaluation", members(before.evaluation), members(after.evaluation))
    comparison.compare("folds", words(before.folds), words(after.folds))
    comparison.compareCode(old, new)
    comparison.shapesModel = false
    comparison.compareData(old.datasets, new.datasets)
    comparison.comparePromotion(before.promotion, after.promotion)
    comparison.compareReview(before.review, after.review)
    comparison.compare("serving", members(before.serving), members(after.serving))
    if let before = old.warmup, let after = new.warmup, before != after {
        comparison.add("serving.warmup", "another request")
    }
    comparison.compare("description", before.description, after.description)
    comparison.compare("owner", before.owner, after.owner)
    let found = comparison.found
    return found.filter(\.lowers) + found.filter { !$0.lowers }
}

/// Collects differences.
struct Comparison {
    var found: [PlanDifference] = []
    var shapesModel = true

    mutating func add(_ subject: String, _ change: String, lowers: Bool = false) {
        found.append(
            PlanDifference(
                subject: subject, change: change, shapesModel: shapesModel, lowers: lowers))
    }

    mutating func compare(_ subject: String, _ old: String, _ new: String) {
        if old != new { add(subject, "\(quoted(old)) → \(quoted(new))") }
    }

    mutating func compare(_ subject: String, _ old: [String: String], _ new: [String: String]) {
        for key in Set(old.keys).union(new.keys).sorted(by: isBefore) {
            compare("\(subject).\(quoted(key))", old[key] ?? "none", new[key] ?? "none")
        }
    }

    mutating func compareDigests(_ old: ModelPlan, _ new: ModelPlan) {
        for (name, digest) in new.datasetDigests.sorted(by: { $0.key < $1.key }) {
            guard let before = old.datasetDigests[name], before != digest else { continue }
            add("dataset \(name)", "digest \(before.short) → \(digest.short)")
        }
    }

    mutating func compareSteps(_ old: [StepDeclaration], _ new: [StepDeclaration]) {
        let before = Dictionary(old.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for name in Set(before.keys).union(after.keys).sorted() {
            switch (before[name], after[name]) {
            case (let left?, let right?): compare("steps.\(name)", members(left), members(right))
            case (nil, _?): add("steps.\(name)", "added")
            case (_?, nil): add("steps.\(name)", "removed")
            case (nil, nil): break
            }
        }
    }

    mutating func compareCode(_ old: ModelPlan, _ new: ModelPlan) {
        let before = Tree(files(old))
        let after = Tree(files(new))
        for path in after.changedPaths(since: before) {
            let isNew = before.file(at: path) == nil
            let isGone = after.file(at: path) == nil
            add("code", quoted(path) + (isNew ? " (added)" : isGone ? " (removed)" : ""))
        }
    }

    private func files(_ plan: ModelPlan) -> [TreeFile] {
        guard let requirements = plan.requirements, !plan.code.contains(requirements) else {
            return plan.code
        }
        return plan.code + [requirements]
    }

    mutating func compareReview(_ old: ReviewDeclaration, _ new: ReviewDeclaration) {
        let before = reviewMembers(old)
        let after = reviewMembers(new)
        for key in Set(before.keys).union(after.keys).sorted(by: isBefore) {
            let left = before[key]
            let right = after[key]
            guard left != right else { continue }
            let isLooser = ReviewMember.isLooser(right, than: left)
            let change = "\(left?.text ?? "none") → \(right?.text ?? "none")"
            add(
                "review.\(quoted(key))", change + (isLooser ? " (lowered)" : ""),
                lowers: isLooser)
        }
    }

    mutating func comparePromotion(_ old: [PromotionRule], _ new: [PromotionRule]) {
        let before = rules(old)
        let after = rules(new)
        for key in Set(before.keys).union(after.keys).sorted(by: isBefore) {
            let subject = "promotion.\(quoted(key))"
            switch (before[key], after[key]) {
            case (let left?, let right?): compareRule(subject, left, right)
            case (nil, let right?): add(subject, "none → \(shortest(right.bound.limit))")
            case (let left?, nil):
                add(subject, "\(shortest(left.bound.limit)) → none (lowered)", lowers: true)
            case (nil, nil): break
            }
        }
    }

    private mutating func compareRule(
        _ subject: String, _ old: PromotionRule, _ new: PromotionRule
    ) {
        if old.bound.limit != new.bound.limit {
            let isEasier = (new.bound.limit > old.bound.limit) == new.bound.greaterIsEasier
            let change = "\(shortest(old.bound.limit)) → \(shortest(new.bound.limit))"
            add(subject, change + (isEasier ? " (lowered)" : ""), lowers: isEasier)
        }
        if old.confidence != new.confidence {
            let isEasier = (new.confidence ?? 0) < (old.confidence ?? 0)
            let change = "\(words(old.confidence)) → \(words(new.confidence))"
            add(
                subject + " confidence", change + (isEasier ? " (lowered)" : ""), lowers: isEasier)
        }
        if old.samplesAtLeast != new.samplesAtLeast {
            let isEasier = (new.samplesAtLeast ?? 0) < (old.samplesAtLeast ?? 0)
            let change = "\(words(old.samplesAtLeast)) → \(words(new.samplesAtLeast))"
            add(
                subject + " samples_at_least", change + (isEasier ? " (lowered)" : ""),
                lowers: isEasier)
        }
    }

    private func rules(_ rules: [PromotionRule]) -> [String: PromotionRule] {
        Dictionary(
            rules.map { ("\($0.metric).\($0.bound.key)", $0) },
            uniquingKeysWith: { first, _ in first })
    }
}

private func words(_ folds: FoldDeclaration?) -> String {
    guard let folds else { return "none" }
    let kind =
        switch folds.kind {
        case .folds(let count): "k: \(count)"
        case .holdOut(let share): "hold_out: \(shortest(share))"
        }
    let columns = folds.columns.isEmpty ? "" : " of \(folds.columns.joined(separator: ", "))"
    return "\(kind), \(folds.method.rawValue)\(columns) over \(folds.role), seed \(folds.seed)"
}

private func words(_ number: Double?) -> String { number.map(shortest) ?? "none" }

private func words(_ number: Int?) -> String { number.map(String.init) ?? "none" }
