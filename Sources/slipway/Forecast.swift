import Domain
import Planning

/// What a commit would do; its JSON is what `slipway plan --json` prints.
struct Forecast: Codable, Sendable {
    var revision: CommitID
    /// What it was compared with; nil: nothing was there before.
    var base: CommitID?
    var branch: String
    /// What is wrong outside the models.
    var problems: [Diagnostic]
    var models: [ModelForecast]

    var text: String {
        let compared = base.map { "compared with \($0.short)" } ?? "the first of its branch"
        var lines = ["commit \(revision.short) on \(branch), \(compared)"]
        lines += problems.map(line)
        lines += models.flatMap(\.lines)
        if models.isEmpty { lines.append("no model is touched: nothing would run") }
        return lines.joined(separator: "\n")
    }
}

/// What a commit would do to one model.
struct ModelForecast: Codable, Sendable {
    /// What would become of it.
    enum Effect: String, Codable, Sendable {
        /// Another candidate: it is validated, run and judged.
        case candidate
        /// The same candidate under other settings: nothing is trained.
        case settings
        case removed
        case broken
    }

    /// One step that belongs to the candidate.
    struct Step: Codable, Sendable {
        var name: StepName
        /// nil: unknown.
        var cached: Bool?
    }

    var model: ModelName
    var effect: Effect
    var candidate: Fingerprint?
    var environment: EnvironmentName?
    /// `parameters.gamma: 0.001 → 0.01`, what was lowered first.
    var reasons: [String]
    var steps: [Step]
    var problems: [Diagnostic]
    /// The released version that the candidate is; nil also when no daemon could be asked.
    var version: SemanticVersion?
    /// Whether that version is on hold where it would be served.
    var isHeld: Bool?
    /// Why it rests by then; nil: it does not.
    var suspended: Suspension?
    /// How many must approve at least.
    var approvals = 0
    /// Who made the changes, and so is excluded unless the rule says otherwise.
    var authors: [String] = []

    var hasSteps: Bool { !steps.isEmpty }

    init(
        _ model: ModelName, before: RepositoryPlan?, after: RepositoryPlan, _ cache: CacheView,
        at moment: Instant
    ) {
        self.model = model
        (effect, reasons, steps, problems) = (.removed, [], [], [])
        if let problems = after.brokenModels[model] {
            (effect, self.problems) = (.broken, problems)
            return
        }
        guard let new = after.models[model] else { return }
        let old = before?.models[model]
        candidate = new.candidate.fingerprint
        environment = new.candidate.environment
        suspended = after.repository.suspensions.first {
            $0.covers(model, environment, at: moment)
        }
        let isSame = old?.candidate.fingerprint == candidate
        effect = isSame ? .settings : .candidate
        reasons = old.map { differences(from: $0, to: new).map(\.text) } ?? ["the model is new"]
        guard !isSame else { return }
        steps = new.runSteps.map { step in
            Step(
                name: step.name,
                cached: cache.isCached(step.name, of: model, new.stepFingerprints[step.name]))
        }
    }

    var lines: [String] {
        var lines = ["", heading]
        lines += reasons.map { "  because  \($0)" }
        lines += problems.map { "  \(line($0))" }
        if let suspended {
            lines.append("  rests    \(suspended.sentence)")
            lines.append("           nothing of the following happens while it rests")
        }
        guard effect == .candidate else { return lines }
        if let version, isHeld == false {
            return lines + ["  runs     nothing: it is \(version) again, assigned at once"]
        }
        lines.append("  runs     validate, \(steps.map(words).joined(separator: ", ")), gate")
        let excluded = authors.isEmpty ? "" : ", none of them \(authors.joined(separator: ", "))"
        if let version { lines.append("  hold     \(version) is on hold; new evidence lifts it") }
        lines.append(
            approvals == 0
                ? "  review   nobody has to approve it"
                : "  review   \(count(approvals, "approval")) at least\(excluded)")
        return lines
    }

    private var heading: String {
        switch effect {
        case .candidate:
            "\(model): candidate \(candidate?.short ?? "") for \(environment?.text ?? "nowhere")"
        case .settings: "\(model): the same candidate, other settings; nothing is trained"
        case .removed: "\(model): removed; it would no longer be served"
        case .broken: "\(model): broken; nothing would run"
        }
    }

    private func words(_ step: Step) -> String {
        switch step.cached {
        case true?: "\(step.name) (cached)"
        case false?: "\(step.name)"
        case nil: "\(step.name) (unless cached)"
        }
    }
}
