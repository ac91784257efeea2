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
        if let (report, content) = try await made(manifest) {
            try place(content, file)
            return report
        }
        if source.preparation != nil { _ = try await lay(source) }
        let (report, content) = try await make(manifest, file)
        try place(content, file)
        return report
    }

    /// What was made before; nil: nothing, or nothing that this version of Slipway reads.
    func known(_ manifest: DatasetManifest) async throws -> PreparationReport? {
        try await made(manifest)?.report
    }

    /// With the digest of the file, or of the folder.
    private func made(
        _ manifest: DatasetManifest
    ) async throws -> (report: PreparationReport, content: Digest)? {
        guard let record = try store.look(try await name(of: manifest)),
            let content = manifest.files.first.flatMap({ record.files[$0.path] })
        else { return nil }
        // Because what another version wrote is made again.
        guard let report = try? decodeJSON(PreparationReport.self, store.read(record.output))
        else { return nil }
        return (report, content)
    }

    /// Lays the file out, or the folder; what is there stays.
    private func place(_ content: Digest, _ file: DatasetFile) throws {
        let target = "\(root)/\(file.folder ?? file.path)"
        guard !exists(target) else { return }
        guard file.folder != nil else { return try store.place(content, at: target) }
        try store.materialise(content, at: target)
    }

    private func make(
        _ manifest: DatasetManifest, _ file: DatasetFile
    ) async throws -> (report: PreparationReport, content: Digest) {
        let folder = try temporaryFolder(in: root, prefix: ".slipway-prepare")
        let report: PreparationReport
        let content: Digest
        do {
            let path = "\(folder)/rows"
            // Because the run's folder is on the disk that the state has room on.
            report = try await Validation.prepare(
                manifest, root: root, to: path,
                options: PreparationOptions(
                    validation: ValidationOptions(spillFolder: folder),
                    environments: checkout.workshop.folder.environments))
            content = try file.folder == nil ? store.put(file: path) : store.putFolder(path)
            guard file.folder != nil || content == report.sha256 else {
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
                files: [file.path: content], finishedAt: checkout.workshop.clock(),
                seconds: 0))
        return (report, content)
    }

    private func name(of manifest: DatasetManifest) async throws -> Fingerprint {
        let held = try await checkout.held(manifest).map { "\($0.path)\n\($0.mode)\n\($0.blob)\n" }
        let made = manifest.files.map(\.sha256.hex).joined()
        let text = "slipway preparation 1\n\(manifest.name)\n\(made)\n\(held.joined())"
        return Fingerprint(checked: sha256(Array(text.utf8)).hex)
    }
}
