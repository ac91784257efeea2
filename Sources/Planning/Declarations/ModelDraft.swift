import Domain

/// What a `model.yaml` says by itself, before the files beside it are looked at.
struct ModelDraft: Hashable, Sendable {
    var description = ""
    var owner = ""
    var datasets: [RoleName: Mention<DatasetName>] = [:]
    var parameters: [String: JSONValue] = [:]
    /// nil: `requirements.txt` where there is one.
    var python: Mention<String>?
    var includes: [Mention<String>] = []
    var ignore: [String] = []
    /// nil: `train.py`, then `evaluate.py`.
    var steps: [StepDeclaration]?
    var evaluation: EvaluationDraft?
    var promotion: [PromotionRule] = []
    var review = ReviewDeclaration()
    /// The roles that `review.from` names.
    var roles: [Mention<String>] = []
    /// Which classified data it may use at most; nil: what the policy says.
    var allowedData: Set<ColumnDeclaration.Classification>?
    var serving: ServingDraft?
    var schedule: ScheduleDeclaration?
    var folds: FoldDeclaration?
    /// Where the schedule's time zone stands; nil: it has the usual one.
    var zonePlace: Place?
}

struct EvaluationDraft: Hashable, Sendable {
    /// Its step is only a placeholder: see `step`.
    var declaration: EvaluationDeclaration
    /// nil: the step that produces the file.
    var step: Mention<StepName>?
    var place: Place
}

struct ServingDraft: Hashable, Sendable {
    /// nil: the only one.
    var environment: Mention<EnvironmentName>?
    var runtime: ServingDeclaration.Runtime
    var warmup: Mention<String>?
    var startTimeoutSeconds: Int
    var place: Place
}
