import Domain
import FoundationEssentials
import Git
import Host
import Planning
import Provenance
import Registry
import Training
import Validation

/// Lays out everything that the steps of a run find under the step contract.
struct StepInputs: Sendable {
    let run: RunTask

    private var plan: ModelPlan { run.order.plan }

    /// What `train` is given, and what it should remember about the environment.
    struct Inputs: Sendable {
        var training: TrainingInput
        /// What the requirements resolved to; nil: there is no Python environment.
        var resolved: String?
    }

    /// Returns the input of `train`; prepares checkout, data and environment only if a step is
    /// going to run.
    func inputs() async throws -> Inputs {
        let steps = plan.runSteps.compactMap { step in
            plan.stepFingerprints[step.name].map { StepWork(step: step, fingerprint: $0) }
        }
        let isCached = try steps.allSatisfy { try run.workshop.store.look($0.fingerprint) != nil }
        guard !isCached else {
            return Inputs(training: input(steps, checkout: "/", datasets: [:], environment: [:]))
        }
        return try await liveInputs(steps)
    }

    /// As `inputs`, for steps that certainly run.
    func liveInputs(_ steps: [StepWork]) async throws -> Inputs {
        let checkout = try await run.checkout.ensure(run.progress, "train")
        let folds = FoldRows(run: run)
        if let plan = plan.folds { try await folds.lay(plan) }
        let python = try await pythonEnvironment()
        let own = ProcessInfo.processInfo.environment
        let environment = stepEnvironment(
            path: own["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", home: own["HOME"] ?? "/",
            binFolder: python?.binFolder)
        let resolved = try python.map { python in
            let bytes = try readFile(python.resolvedFile, limitBytes: resolvedBytesMax)
            return String(decoding: bytes, as: UTF8.self)
        }
        return Inputs(
            training: input(
                plan.folds.map { folds.settled(steps, $0) } ?? steps, checkout: checkout,
                datasets: try datasets(checkout),
                environment: environment),
            resolved: resolved)
    }

    private func input(
        _ steps: [StepWork], checkout: String, datasets: [RoleName: String],
        environment: [String: String]
    ) -> TrainingInput {
        TrainingInput(
            run: run.order.id, steps: steps, checkout: checkout,
            modelFolder: plan.declaration.folder, runFolder: run.folder.path,
            parameters: plan.declaration.parameters, datasets: datasets, environment: environment,
            now: run.workshop.clock)
    }

    private func pythonEnvironment() async throws -> PythonEnvironment? {
        guard let requirements = plan.requirements else { return nil }
        let bytes = try await run.workshop.repository.blob(requirements.blob)
        await run.progress.stage("environment")
        do throws(HostError) {
            let environment = try await PythonEnvironment.prepare(
                requirements: bytes, digest: sha256(bytes), in: run.workshop.folder.environments)
            await run.progress.stage("train")
            return environment
        } catch {
            guard case .requirements = error else { throw error }
            var failure = error.failure
            failure.place = requirements.path
            throw failure
        }
    }

    /// One file or one folder: its path. Several: a folder that has them under their base names.
    /// What is followed: always a folder, with the names below the prefix, because the next look
    /// may find another number of objects.
    ///
    /// A folder that is there stays as it is, because a step that goes on may be reading it.
    private func datasets(_ checkout: String) throws -> [RoleName: String] {
        var paths: [RoleName: String] = [:]
        for (role, declared) in plan.datasets {
            let manifest = role == plan.folds?.role ? plan.folds?.whole ?? declared : declared
            if manifest.followed == nil, manifest.files.count == 1, let file = manifest.files.first,
                file.pattern.map({ file.path == "\($0.folder)/**" }) ?? true
            {
                let root = manifest.preparation == nil ? checkout : run.folder.data.prepared
                paths[role] = "\(root)/\(file.folder ?? file.path)"
                continue
            }
            let folder = "\(run.folder.datasets)/\(role)"
            if !exists(folder) { try layOut(manifest, checkout, at: folder) }
            paths[role] = folder
        }
        return paths
    }

    private func layOut(_ manifest: DatasetManifest, _ checkout: String, at folder: String) throws {
        let partial = "\(folder).partial"
        try removeTree(partial)
        try makeFolder(partial)
        for file in manifest.files {
            for (name, path) in try names(of: file, manifest, checkout) {
                guard !exists("\(partial)/\(name)") else {
                    throw Failure(
                        "two files of dataset `\(manifest.name)` are called `\(name)`",
                        at: file.digestPlace.description, hint: "give one another name",
                        .wait(for: "a commit"))
                }
                try makeFolder(parentFolder("\(partial)/\(name)"))
                try linkOrCopyFile("\(checkout)/\(path)", to: "\(partial)/\(name)")
            }
        }
        try renamePath(partial, to: folder)
    }

    /// What its files are called, with their paths: those of a pattern as below its folder.
    private func names(
        of file: DatasetFile, _ manifest: DatasetManifest, _ checkout: String
    ) throws -> [(name: String, path: String)] {
        guard let pattern = file.pattern else { return [(name(of: file, manifest), file.path)] }
        return try walk("\(checkout)/\(pattern.folder)").filter { $0.kind != .folder }
            .map { ($0.path, "\(pattern.folder)/\($0.path)") }
            .filter { pattern.matches($0.path) }
    }

    private func name(of file: DatasetFile, _ manifest: DatasetManifest) -> String {
        let root = FollowedObjects.root(of: manifest.name)
        if manifest.followed != nil, file.path.hasPrefix(root) {
            return String(file.path.dropFirst(root.count))
        }
        return file.path.split(separator: "/").last.map(String.init) ?? file.path
    }
}

/// What `pip freeze` says of any environment is far shorter.
private let resolvedBytesMax = 1 << 20
