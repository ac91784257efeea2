import Domain
import Git
import Host
import Planning
import Provenance
import Registry
import Validation

/// Checks the datasets of a run before anything is trained on them, and once more when the gate
/// decides, because by then another version may be live.
///
/// Files are read once for what is expected of them; what was found is kept, and judged again when
/// limits or the version that is live change.
struct DataGate: Sendable {
    let run: RunTask

    /// What all datasets came to.
    struct Judged: Sendable {
        /// The digest of the reports' canonical JSON, which is in the store.
        var digest: Digest
        /// Sorted by dataset.
        var reports: [ValidationReport]
    }

    /// What is read of datasets that others are compared with.
    private let shelf = KeyShelf()

    private var plan: ModelPlan { run.order.plan }
    var store: ArtifactStore { run.workshop.store }
    /// What does not happen when a dataset fails, for people.
    private let stopped: String
    private let detailsMax = 50

    init(run: RunTask, stopped: String = "nothing was trained") {
        self.run = run
        self.stopped = stopped
    }

    /// Judges every dataset; throws when any fails.
    ///
    /// What is only compared with is gone when it ends, so that no step finds it.
    func validate() async throws -> Judged {
        let judged: Judged
        do {
            judged = try await judge()
        } catch {
            // Because what went wrong before says more than that the remains could not be removed.
            try? run.checkout.removeReferences()
            throw error
        }
        try run.checkout.removeReferences()
        return judged
    }

    private func judge() async throws -> Judged {
        var found: [DatasetName: ValidationReport] = [:]
        let manifests = Set(plan.datasets.values).sorted { $0.name < $1.name }
        for manifest in readingOrder(manifests) {
            found[manifest.name] = try await report(on: manifest)
        }
        let reports = manifests.compactMap { found[$0.name] }
        let failed = zip(manifests, reports).filter { !$0.1.passed }
        guard failed.isEmpty else { throw failure(Array(failed)) }
        return Judged(digest: try store.put(canonicalJSON(reports)), reports: reports)
    }

    private func report(on manifest: DatasetManifest) async throws -> ValidationReport {
        let others = manifest.comparedDatasets.sorted().compactMap { plan.references[$0] }
        for needed in ([manifest] + others).map(\.rawManifest) where needed.files.isEmpty {
            guard let source = needed.followed else { continue }
            throw Failure(
                "nothing is pinned yet of `\(source)`, which dataset `\(needed.name)` follows",
                at: needed.path, hint: "slipway status says why, if it stays so",
                .wait(for: "the commit of the bot that pins it"))
        }
        let baselines = try baselines(of: manifest)
        let kept = KeptVerdicts(run.workshop.cache)
        let moment = manifest.asksForFreshness ? try await committed() : nil
        let key = baselines.key + (moment.map { " at \($0.seconds)" } ?? "")
        if let rules = plan.validationFingerprints[manifest.name],
            let known = try kept.report(rules, key),
            // Because what comes later is compared with it.
            known.profile.map(store.contains) ?? true
        {
            return known
        }
        let examined = try await examination(of: manifest)
        if let profile = examined.profile { _ = try store.put(profile.canonicalJSON) }
        let report = examined.judged(
            by: manifest, against: try baselines.live.load(examined.profile),
            beside: try await compared(manifest, baselines, examined.profile), at: moment)
        if report.passed, let rules = plan.validationFingerprints[manifest.name] {
            try kept.keep(
                report, rules, key, model: run.order.id.model,
                at: run.workshop.clock())
        }
        return report
    }

    /// The time of the commit, which says how old its data is.
    private func committed() async throws -> Instant {
        try await run.workshop.repository.commit(run.order.commit).committer.when
    }

    /// What reading the files gives, or gave.
    ///
    /// - Parameter isCompared: it is read because another dataset is compared with it.
    func examination(
        of manifest: DatasetManifest, isCompared: Bool = false
    ) async throws -> Examination {
        let kept = KeptExaminations(run.workshop.cache, comparesRows: !isCompared)
        let reading = validationFingerprint(
            of: manifest.reading, found: try await run.checkout.held(manifest),
            references: plan.referenceFingerprints(of: manifest))
        if let known = try kept.examination(reading) { return known }
        let place = try await run.checkout.place(of: manifest.name, run.progress, "validate")
        // Because the run's folder is on the disk that the state has room on, and goes with it.
        var options = ValidationOptions(
            spillFolder: run.folder.path, datasets: plan.readDatasets, shelf: shelf)
        options.parts = PartStore(folder: run.workshop.folder.parts)
        options.preparedRoot = place.prepared
        for name in manifest.comparedDatasets {
            options.elsewhere[name] = try await run.checkout.place(
                of: name, run.progress, "validate")
        }
        var found = try await Validation.examine(
            manifest, root: place.root,
            options: manifest.profileOptions(
                countsDuplicates: !isCompared, validation: options))
        options.parts?.tidy()
        if manifest.preparation != nil, !isCompared {
            found.report.lineage = try await lineage(of: manifest, found.report)
        }
        guard found.report.passed else { return found }
        return try kept.keep(
            found, reading, model: run.order.id.model, at: run.workshop.clock())
    }

    /// How the rows that were read had been prepared.
    private func lineage(
        of manifest: DatasetManifest, _ report: ValidationReport
    ) async throws -> [PreparationReport] {
        let lineage = try await run.checkout.lineage(of: manifest)
        // Because only what is one file has its digest; pictures are laid out with theirs.
        let isFolder = manifest.files.contains { $0.folder != nil }
        guard isFolder || report.files.map(\.sha256) == [lineage.last?.sha256] else {
            throw Failure(
                "the rows of dataset `\(manifest.name)` changed while they were checked",
                at: manifest.path, .retry(afterSeconds: 30))
        }
        return lineage
    }

    // MARK: What people are told

    private func failure(_ failed: [(DatasetManifest, ValidationReport)]) -> Failure {
        let names = failed.map { "`\($0.0.name)`" }.joined(separator: ", ")
        let details = failed.flatMap { $1.diagnostics(in: $0) }
        let violations = failed.flatMap(\.1.violations).filter { $0.severity == .fail }
            .reduce(0) { $0 + $1.total }
        let checks = failed.flatMap(\.1.outcomes).count { $0.severity == .fail }
        let one = failed.count == 1
        let counts = [count(violations, "violation"), count(checks, "broken check")]
            .compactMap(\.self).joined(separator: ", ")
        return Failure(
            "dataset\(one ? "" : "s") \(names) failed validation: \(counts); \(stopped)",
            at: details.first?.place.description,
            hint: "mend the data or the manifest, try `slipway check`, and push",
            .wait(for: "a commit that mends the data"), details: Array(details.prefix(detailsMax)))
    }

    private func count(_ count: Int, _ word: String) -> String? {
        count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
    }
}
