package import Domain

/// What one commit says: every model that could be made, and what is wrong with the rest.
package struct RepositoryPlan: Sendable {
    /// With defaults for what is broken in `slipway.yaml`; see `repositoryIsBroken`.
    package var repository: RepositoryDeclaration
    /// Whether `slipway.yaml` is absent or has errors, so that `repository` is not to be trusted.
    package var repositoryIsBroken: Bool
    package var models: ModelPlans
    /// What is wrong with each model that cannot be planned, in the order of the file.
    package var brokenModels: [ModelName: [Diagnostic]]
    /// Only those without errors.
    package var environments: [EnvironmentName: EnvironmentDeclaration]
    /// Only those without errors.
    package var datasets: [DatasetName: DatasetManifest]
    /// Of each other one the first thing that is wrong, which may stand in a schema that it names
    /// or a file of DVC; behind it that of the dataset by which it fails, and so on.
    package internal(set) var brokenDatasets: [DatasetName: [Place]] = [:]
    /// What is wrong outside the models: `slipway.yaml`, manifests, environments, names.
    package var diagnostics: [Diagnostic]
    /// When models are trained without a commit of anybody; of most never.
    package internal(set) var schedules: [ModelName: ScheduleDeclaration] = [:]
    /// Where the time zones of schedules stand that name one.
    var zonePlaces: [ModelName: Place] = [:]
    var index: InputIndex

    /// Everything that is wrong anywhere, in the order of files and lines.
    package var allDiagnostics: [Diagnostic] {
        (diagnostics + brokenModels.values.flatMap(\.self)).inOrder()
    }

    /// Every model that the commit has, planned or broken.
    package var modelNames: Set<ModelName> { Set(models.keys).union(brokenModels.keys) }
}

/// What one commit says about one model, with everything that follows from it.
package struct ModelPlan: Hashable, Sendable {
    package var declaration: ModelDeclaration
    /// Its bump is minor; who reads the commit's trailers sets another.
    package var candidate: Candidate
    package var datasets: [RoleName: DatasetManifest]
    /// Where the model names them.
    package var datasetPlaces: [RoleName: Place] = [:]
    /// What of its data, or of its own files, some manifest of the commit classifies.
    package var classifiedUses: [ClassifiedUse] = []
    /// Those that keys and checks of its datasets name, be they its own too.
    package var references: [DatasetName: DatasetManifest] = [:]
    /// nil: the model has no `serving`.
    package var environment: EnvironmentDeclaration?
    /// nil: the model needs no Python environment.
    package var requirements: TreeFile?
    /// The predict request of `serving.warmup`.
    package var warmup: JSONValue?
    /// The files that shape the model: its folder and what it includes, in the order of paths.
    package var code: [TreeFile]
    package var inputs: ModelPaths
    package var stepFingerprints: [StepName: Fingerprint]
    /// Equal for two candidates when their stored predictions can be compared row by row.
    package var evaluateFingerprint: Fingerprint
    /// What a validation verdict of each dataset follows from.
    package var validationFingerprints: [DatasetName: Fingerprint]
    package var datasetDigests: [DatasetName: Digest]
    /// Of every one of `references`, what the keys that are found in it follow from.
    package var referenceFingerprints: [DatasetName: Fingerprint] = [:]
    /// nil: every step runs once.
    package var folds: FoldPlan?

    /// Every manifest whose files are read when the model's data is checked, by name.
    package var readDatasets: [DatasetName: DatasetManifest] {
        var found = references
        for manifest in datasets.values { found[manifest.name] = manifest }
        return found
    }

    /// What a verdict on one of the datasets follows from beside the dataset itself.
    package func referenceFingerprints(
        of manifest: DatasetManifest
    ) -> [DatasetName: Fingerprint] {
        let names = Set(manifest.references.map(\.name))
        return referenceFingerprints.filter { names.contains($0.key) }
    }
}
