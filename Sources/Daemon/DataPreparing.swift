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
    /// Where the files are that datasets are prepared from, and where prepared ones go.
    let place: DataPlace

    private var cache: ArtifactStore { checkout.workshop.cache }

    /// What is remembered of a preparation; its rows may be gone.
    private struct Made: Codable {
        var report: PreparationReport
        /// Of the file, or of the folder.
        var content: Digest
    }

    /// Makes the dataset's file, or folder, or takes it from the cache; what is there stays if it
    /// is that.
    ///
    /// - Parameter keepsRows: nobody else has the rows; false: they are soon made of others that
    ///   are kept.
    func lay(_ manifest: DatasetManifest, keepsRows: Bool = true) async throws -> PreparationReport
    {
        guard let file = manifest.files.first, let source = manifest.preparation?.sourceManifest
        else { preconditionFailure("`\(manifest.name)` is not prepared from anything") }
        if let made = try await made(manifest), try put(made.content, file) { return made.report }
        if source.preparation != nil { _ = try await lay(source) }
        return try await make(manifest, file, keepsRows: keepsRows)
    }

    /// Sees to it that a file or folder is there; false: the cache has it no more.
    private func put(_ content: Digest, _ file: DatasetFile) throws -> Bool {
        let target = target(of: file)
        if exists(target) {
            if file.folder == nil, try Registry.digest(ofFile: target).digest == content {
                return true
            }
            try removeTree(target)
        }
        do throws(RegistryError) {
            if file.folder == nil {
                try cache.place(content, at: target)
            } else {
                try cache.materialise(content, at: target)
            }
        } catch .missing, .corrupt {
            return false
        }
        return true
    }

    private func target(of file: DatasetFile) -> String {
        "\(place.prepared)/\(file.folder ?? file.path)"
    }

    /// What was made before; nil: nothing, or nothing that this version of Slipway reads. Its rows
    /// may be gone.
    func known(_ manifest: DatasetManifest) async throws -> PreparationReport? {
        try await made(manifest)?.report
    }

    private func made(_ manifest: DatasetManifest) async throws -> Made? {
        guard let record = try cache.look(try await name(of: manifest)) else { return nil }
        // Because what another version wrote is made again.
        return try? decodeJSON(Made.self, cache.read(record.output))
    }

    private func make(
        _ manifest: DatasetManifest, _ file: DatasetFile, keepsRows: Bool
    ) async throws -> PreparationReport {
        try makeFolder(place.prepared)
        let folder = try temporaryFolder(in: place.prepared, prefix: ".making")
        let made: Made
        do {
            // Because the run's folder is on the disk that the state has room on.
            var options = ValidationOptions(spillFolder: folder)
            options.preparedRoot = place.prepared
            let report = try await Validation.prepare(
                manifest, root: place.root, to: "\(folder)/rows",
                options: PreparationOptions(
                    validation: options, environments: checkout.workshop.folder.environments))
            made = try settle("\(folder)/rows", file, report, keepsRows: keepsRows)
        } catch {
            try removeTree(folder)
            throw error
        }
        try removeTree(folder)
        try cache.store(
            StepRecord(
                fingerprint: try await name(of: manifest), model: checkout.order.id.model,
                step: StepName(checked: "prepare"), output: try cache.put(canonicalJSON(made)),
                files: [:], finishedAt: checkout.workshop.clock(), seconds: 0))
        return made.report
    }

    /// Puts what was just made in its place, and keeps it.
    private func settle(
        _ path: String, _ file: DatasetFile, _ report: PreparationReport, keepsRows: Bool
    ) throws -> Made {
        let target = target(of: file)
        try removeTree(target)
        if file.folder != nil {
            let content = try cache.putFolder(path)
            try cache.materialise(content, at: target)
            return Made(report: report, content: content)
        }
        let content =
            keepsRows ? try cache.put(file: path) : try Registry.digest(ofFile: path).digest
        guard content == report.sha256 else {
            throw Failure(
                "prepared rows changed on the disk", at: file.digestPlace.description,
                .retry(afterSeconds: 30))
        }
        try setMode(path, 0o444)
        try syncFile(path)
        try makeFolder(parentFolder(target))
        try renamePath(path, to: target)
        return Made(report: report, content: content)
    }

    private func name(of manifest: DatasetManifest) async throws -> Fingerprint {
        let held = try await checkout.held(manifest).map { "\($0.path)\n\($0.mode)\n\($0.blob)\n" }
        let made = manifest.files.map(\.sha256.hex).joined()
        let text = "slipway preparation 1\n\(manifest.name)\n\(made)\n\(held.joined())"
        return Fingerprint(checked: sha256(Array(text.utf8)).hex)
    }
}
