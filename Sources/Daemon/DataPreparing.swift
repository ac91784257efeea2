import Domain
import Host
import Planning
import Provenance
import Registry
import Validation

/// Lays prepared datasets out, and keeps what was made by all that it follows from: the data that
/// the commit holds, how that is read, the steps and the version of the code.
struct DataPreparing: Sendable {
    let checkout: RunCheckout
    /// A checkout with the files that datasets are prepared from.
    let root: String

    private var store: ArtifactStore { checkout.workshop.store }

    /// Makes the dataset's file, or takes it from the artifacts; what is there stays.
    func lay(_ manifest: DatasetManifest) async throws -> PreparationReport {
        guard let file = manifest.files.first, let source = manifest.preparation?.sourceManifest
        else { preconditionFailure("`\(manifest.name)` is not prepared from anything") }
        let target = "\(root)/\(file.path)"
        if let known = try await known(manifest) {
            if !exists(target) { try store.place(known.sha256, at: target) }
            return known
        }
        if source.preparation != nil { _ = try await lay(source) }
        let report = try await make(manifest, file)
        if !exists(target) { try store.place(report.sha256, at: target) }
        return report
    }

    /// What was made before; nil: nothing, or nothing that this version of Slipway reads.
    func known(_ manifest: DatasetManifest) async throws -> PreparationReport? {
        guard let record = try store.look(try await name(of: manifest)) else { return nil }
        // Because what another version wrote is made again.
        let report = try? decodeJSON(PreparationReport.self, store.read(record.output))
        return report.flatMap { record.files.values.contains($0.sha256) ? $0 : nil }
    }

    private func make(
        _ manifest: DatasetManifest, _ file: DatasetFile
    ) async throws -> PreparationReport {
        let folder = try temporaryFolder(in: root, prefix: ".slipway-prepare")
        let report: PreparationReport
        do {
            let path = "\(folder)/rows"
            // Because the run's folder is on the disk that the state has room on.
            report = try await Validation.prepare(
                manifest, root: root, to: path,
                options: PreparationOptions(validation: ValidationOptions(spillFolder: folder)))
            guard try store.put(file: path) == report.sha256 else {
                throw Failure(
                    "prepared rows changed on the disk", at: manifest.path,
                    .retry(afterSeconds: 30))
            }
        } catch {
            try removeTree(folder)
            throw error
        }
        try removeTree(folder)
        try store.store(
            StepRecord(
                fingerprint: try await name(of: manifest), model: checkout.order.id.model,
                step: StepName(checked: "prepare"), output: try store.put(canonicalJSON(report)),
                files: [file.path: report.sha256], finishedAt: checkout.workshop.clock(),
                seconds: 0))
        return report
    }

    private func name(of manifest: DatasetManifest) async throws -> Fingerprint {
        let held = try await checkout.held(manifest).map { "\($0.path)\n\($0.mode)\n\($0.blob)\n" }
        let made = manifest.files.map(\.sha256.hex).joined()
        let text = "slipway preparation 1\n\(manifest.name)\n\(made)\n\(held.joined())"
        return Fingerprint(checked: sha256(Array(text.utf8)).hex)
    }
}
