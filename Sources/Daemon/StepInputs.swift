import Domain
import FoundationEssentials
import Git
import Host
import Planning
import Registry
import Training

/// Lays out everything that the steps of a run find under the step contract.
struct StepInputs: Sendable {
    let run: RunTask

    private var plan: ModelPlan { run.order.plan }

    /// Returns the input of `train`; prepares checkout, data and environment only if a step is
    /// going to run.
    func input() async throws -> TrainingInput {
        let steps = plan.declaration.steps.compactMap { step in
            plan.stepFingerprints[step.name].map { StepWork(step: step, fingerprint: $0) }
        }
        let isCached = try steps.allSatisfy { try run.workshop.store.look($0.fingerprint) != nil }
        guard !isCached else { return input(steps, checkout: "/", datasets: [:], environment: [:]) }
        return try await liveInput(steps)
    }

    /// As `input`, for steps that certainly run.
    func liveInput(_ steps: [StepWork]) async throws -> TrainingInput {
        let checkout = try await run.checkout.ensure()
        let binFolder = try await environment()
        let own = ProcessInfo.processInfo.environment
        let environment = stepEnvironment(
            path: own["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", home: own["HOME"] ?? "/",
            binFolder: binFolder)
        return input(
            steps, checkout: checkout, datasets: try datasets(checkout), environment: environment)
    }

    private func input(
        _ steps: [StepWork], checkout: String, datasets: [RoleName: String],
        environment: [String: String]
    ) -> TrainingInput {
        TrainingInput(
            run: run.order.id, steps: steps, checkout: checkout,
            modelFolder: plan.declaration.folder, runFolder: run.folder,
            parameters: plan.declaration.parameters, datasets: datasets, environment: environment,
            now: run.workshop.clock)
    }

    private func environment() async throws -> String? {
        guard let requirements = plan.requirements else { return nil }
        let bytes = try await run.workshop.repository.blob(requirements.blob)
        await run.progress.stage("environment")
        let environment = try await PythonEnvironment.prepare(
            requirements: bytes, digest: sha256(bytes), in: run.workshop.folder.environments)
        await run.progress.stage("train")
        return environment.binFolder
    }

    /// One file: its path. Several: a folder that has them under their base names.
    private func datasets(_ checkout: String) throws -> [RoleName: String] {
        var paths: [RoleName: String] = [:]
        for (role, manifest) in plan.datasets {
            if manifest.files.count == 1, let file = manifest.files.first {
                paths[role] = "\(checkout)/\(file.path)"
                continue
            }
            let folder = "\(run.folder)/datasets/\(role)"
            try removeTree(folder)
            try makeFolder(folder)
            for file in manifest.files {
                let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
                guard !exists("\(folder)/\(name)") else {
                    throw Failure(
                        "two files of dataset `\(manifest.name)` are called `\(name)`",
                        at: file.digestPlace.description, hint: "give one another name",
                        .wait(for: "a commit"))
                }
                try linkOrCopyFile("\(checkout)/\(file.path)", to: "\(folder)/\(name)")
            }
            paths[role] = folder
        }
        return paths
    }
}
