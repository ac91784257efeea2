/// What a `model.yaml` says, checked and with its defaults filled in.
package struct ModelDeclaration: Hashable, Codable, Sendable {
    package var name: ModelName
    /// The model's folder in the repository: `models/digits`.
    package var folder: String
    package var description: String
    package var owner: String
    /// Role to dataset: `train` → `digits-train`.
    package var datasets: [RoleName: DatasetName]
    package var parameters: [String: JSONValue]
    /// The requirements file, relative to `folder`; nil when the model needs no Python environment.
    package var python: String?
    /// Folders and files of the repository, relative to its root, that the model's code needs too.
    package var includes: [String]
    /// Glob patterns, relative to `folder`, of files that do not shape the model.
    package var ignore: [String]
    /// In the order of the file.
    package var steps: [StepDeclaration]
    package var evaluation: EvaluationDeclaration
    package var promotion: [PromotionRule]
    package var review: ReviewDeclaration
    package var serving: ServingDeclaration?
    package var schedule: ScheduleDeclaration?
    /// nil: it is measured on a dataset of its own.
    package var folds: FoldDeclaration?

    package init(
        name: ModelName, folder: String, description: String = "", owner: String = "",
        datasets: [RoleName: DatasetName] = [:], parameters: [String: JSONValue] = [:],
        python: String? = nil, includes: [String] = [], ignore: [String] = [],
        steps: [StepDeclaration], evaluation: EvaluationDeclaration,
        promotion: [PromotionRule] = [], review: ReviewDeclaration = ReviewDeclaration(),
        serving: ServingDeclaration? = nil, schedule: ScheduleDeclaration? = nil
    ) {
        self.name = name
        self.folder = folder
        self.description = description
        self.owner = owner
        self.datasets = datasets
        self.parameters = parameters
        self.python = python
        self.includes = includes
        self.ignore = ignore
        self.steps = steps
        self.evaluation = evaluation
        self.promotion = promotion
        self.review = review
        self.serving = serving
        self.schedule = schedule
    }
}

/// One command of a run.
package struct StepDeclaration: Hashable, Codable, Sendable {
    package var name: StepName
    /// A shell command line, run by `/bin/sh -c` in the model's folder.
    package var run: String
    package var needs: [StepName]
    /// Paths, relative to the output folder, that must exist when the command has ended.
    package var produces: [String]
    package var timeoutSeconds: Int
    /// How often a failed attempt is repeated; 0 means one attempt in all.
    package var retries: Int
    /// The most that the process group may hold resident; nil is no limit.
    package var memoryBytes: Int64?

    package init(
        name: StepName, run: String, needs: [StepName] = [], produces: [String] = [],
        timeoutSeconds: Int = 3600, retries: Int = 0, memoryBytes: Int64? = nil
    ) {
        self.name = name
        self.run = run
        self.needs = needs
        self.produces = produces
        self.timeoutSeconds = timeoutSeconds
        self.retries = retries
        self.memoryBytes = memoryBytes
    }
}

/// What is measured, and from which file.
package struct EvaluationDeclaration: Hashable, Codable, Sendable {
    package enum Task: String, Codable, Sendable, CaseIterable { case classification, regression }

    package var task: Task
    /// The step whose output holds the predictions or metrics file.
    package var step: StepName
    /// CSV with the columns `label` and `prediction`; nil when the step wrote the metrics itself.
    package var predictions: String?
    /// A JSON object of metric name to number, in the step's output; nil with `predictions`.
    package var metrics: String?
    /// The name of the column that holds the truth.
    package var label: String
    /// The name of the column that holds the prediction.
    package var prediction: String
    /// Column of the score of the positive class, or prefix `score_` of one column per class.
    package var score: String?
    /// Which class is the positive one in a problem of two classes; nil: the greater label.
    package var positive: String?
    /// Columns by which the metrics are broken down.
    package var slices: [String]
    /// Number of bootstrap resamples behind the intervals.
    package var resamples: Int
    /// Seed of the resampling.
    package var seed: UInt64

    package init(
        task: Task, step: StepName, predictions: String?, metrics: String? = nil,
        label: String = "label", prediction: String = "prediction", score: String? = nil,
        positive: String? = nil, slices: [String] = [], resamples: Int = 1000, seed: UInt64 = 0
    ) {
        self.task = task
        self.step = step
        self.predictions = predictions
        self.metrics = metrics
        self.label = label
        self.prediction = prediction
        self.score = score
        self.positive = positive
        self.slices = slices
        self.resamples = resamples
        self.seed = seed
    }
}

/// One line of `promotion:`: a metric and what it must reach.
package struct PromotionRule: Hashable, Codable, Sendable {
    package enum Bound: Hashable, Codable, Sendable {
        case atLeast(Double)
        case atMost(Double)
        /// The worst class must reach this.
        case eachClassAtLeast(Double)
        case eachClassAtMost(Double)
        /// The worst slice must reach this.
        case eachSliceAtLeast(Double)
        case eachSliceAtMost(Double)
        /// Not worse than the baseline's value by more than this, for metrics that should be high.
        case notBelowBaselineBy(Double)
        /// Not worse than the baseline's value by more than this, for metrics that should be low.
        case notAboveBaselineBy(Double)
    }

    package var metric: String
    package var bound: Bound
    /// Compare the bound of this two-sided confidence level instead of the point estimate.
    package var confidence: Double?
    /// Fewer rows than this: not enough evidence.
    package var samplesAtLeast: Int?
    /// Where the rule stands in `model.yaml`.
    package var place: Place

    package init(
        metric: String, bound: Bound, confidence: Double? = nil, samplesAtLeast: Int? = nil,
        place: Place
    ) {
        self.metric = metric
        self.bound = bound
        self.confidence = confidence
        self.samplesAtLeast = samplesAtLeast
        self.place = place
    }
}

/// Where and how the model is served.
package struct ServingDeclaration: Hashable, Codable, Sendable {
    package var environment: EnvironmentName
    package var runtime: Runtime
    /// A JSON file beside `model.yaml`: one predict request, to be answered before any traffic.
    package var warmup: String?
    /// How long a runtime may take to become healthy.
    package var startTimeoutSeconds: Int

    package enum Runtime: Hashable, Codable, Sendable {
        /// The built-in runtime for scikit-learn models saved by joblib.
        case sklearn
        /// Any command under the serving contract.
        case command(String)
    }

    package init(
        environment: EnvironmentName, runtime: Runtime, warmup: String? = nil,
        startTimeoutSeconds: Int = 60
    ) {
        self.environment = environment
        self.runtime = runtime
        self.warmup = warmup
        self.startTimeoutSeconds = startTimeoutSeconds
    }
}

/// In JSON as in YAML: `"sklearn"` or `{"command": "…"}`.
extension ServingDeclaration.Runtime {
    private struct Command: Codable { var command: String }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Because Codable has no way to ask for the kind: each is tried in turn.
        guard let name = try? container.decode(String.self) else {
            self = .command(try container.decode(Command.self).command)
            return
        }
        guard name == "sklearn" else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no runtime is called \(name)")
        }
        self = .sklearn
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .sklearn: try container.encode("sklearn")
        case .command(let line): try container.encode(Command(command: line))
        }
    }
}
