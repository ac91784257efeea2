package import Domain

/// A step with the fingerprint that names its output.
package struct StepWork: Hashable, Codable, Sendable {
    package var step: StepDeclaration
    package var fingerprint: Fingerprint
    /// nil: the step sees what all steps of the run see.
    package var setting: StepSetting?

    package init(
        step: StepDeclaration, fingerprint: Fingerprint, setting: StepSetting? = nil
    ) {
        self.step = step
        self.fingerprint = fingerprint
        self.setting = setting
    }
}

/// What one step sees otherwise than the others of its run: the step of a fold does.
package struct StepSetting: Hashable, Codable, Sendable {
    /// Instead of the run's, or beside them.
    package var datasets: [RoleName: String]
    /// Beside those of the contract.
    package var variables: [String: String]
    /// What the step calls those that it needs, by their names in the run.
    package var inputNames: [StepName: StepName]

    package init(
        datasets: [RoleName: String] = [:], variables: [String: String] = [:],
        inputNames: [StepName: StepName] = [:]
    ) {
        self.datasets = datasets
        self.variables = variables
        self.inputNames = inputNames
    }
}

/// Everything that a run needs to know. All paths are absolute unless said otherwise.
package struct TrainingInput: Sendable {
    package var run: RunID
    package var steps: [StepWork]
    /// A checkout of the run's commit.
    package var checkout: String
    /// The model's folder, relative to the checkout; steps run in it.
    package var modelFolder: String
    /// Where attempts are kept: `<run folder>/<step>/<attempt>/`. The same folder after a crash
    /// continues the same run.
    package var runFolder: String
    package var parameters: [String: JSONValue]
    /// Path of the materialised dataset of each role.
    package var datasets: [RoleName: String]
    /// What steps see besides the contract's variables; see `stepEnvironment`.
    package var environment: [String: String]
    /// Steps whose output is given instead of made; what only they need does not run either.
    package var presets: [StepName: String]
    /// The steps whose output is wanted; nil: those that no other needs.
    package var goals: Set<StepName>?
    /// How many steps may run at once.
    package var parallelMax: Int
    /// Seconds before the second attempt; doubles each time, at most 60.
    package var backoffSeconds: Double
    /// The clock.
    package var now: @Sendable () -> Instant

    package init(
        run: RunID, steps: [StepWork], checkout: String, modelFolder: String, runFolder: String,
        parameters: [String: JSONValue] = [:], datasets: [RoleName: String] = [:],
        environment: [String: String], presets: [StepName: String] = [:],
        goals: Set<StepName>? = nil, parallelMax: Int = 4, backoffSeconds: Double = 1,
        now: @escaping @Sendable () -> Instant
    ) {
        precondition(parallelMax > 0, "at least one step runs at a time")
        self.run = run
        self.steps = steps
        self.checkout = checkout
        self.modelFolder = modelFolder
        self.runFolder = runFolder
        self.parameters = parameters
        self.datasets = datasets
        self.environment = environment
        self.presets = presets
        self.goals = goals
        self.parallelMax = parallelMax
        self.backoffSeconds = backoffSeconds
        self.now = now
    }
}

/// Returns the minimal environment of a step: `PATH`, `HOME`, `LANG`, and what Python needs to
/// say things at once. Nothing else of ours, so that no secret gets in.
/// - Parameter binFolder: of the Python environment; stands first in `PATH`.
package func stepEnvironment(
    path: String, home: String, binFolder: String? = nil
) -> [String: String] {
    [
        "PATH": binFolder.map { "\($0):\(path)" } ?? path,
        "HOME": home,
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    ]
}

/// What a step made, as the registry keeps it.
package struct StepOutput: Hashable, Codable, Sendable {
    /// The digest of the output folder as a whole.
    package var artifact: Digest
    /// Relative path to digest of every file.
    package var files: [String: Digest]

    package init(artifact: Digest, files: [String: Digest]) {
        self.artifact = artifact
        self.files = files
    }
}

/// How outputs of earlier steps are found and those of new ones kept; errors should be `Failure`.
package struct StepCache: Sendable {
    /// What a step of this fingerprint made before; nil when nothing is kept.
    package var look: @Sendable (Fingerprint) async throws -> StepOutput?
    /// Keeps what a step wrote to this folder.
    package var store: @Sendable (StepWork, String) async throws -> StepOutput
    /// Makes a folder, which does not exist yet, with the files of an output.
    package var materialise: @Sendable (StepOutput, String) async throws -> Void

    package init(
        look: @escaping @Sendable (Fingerprint) async throws -> StepOutput?,
        store: @escaping @Sendable (StepWork, String) async throws -> StepOutput,
        materialise: @escaping @Sendable (StepOutput, String) async throws -> Void
    ) {
        self.look = look
        self.store = store
        self.materialise = materialise
    }
}
