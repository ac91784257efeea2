import Domain
import Host
import Planning
import Provenance
import Registry
import Validation

/// Checks the datasets of a run before anything is trained on them.
///
/// A dataset that passed once under the same manifest is not read again.
struct DataGate: Sendable {
    let run: RunTask

    /// Returns the digest of the reports' canonical JSON; throws when any dataset fails.
    func validate() async throws -> Digest {
        var reports: [ValidationReport] = []
        let manifests = Set(run.order.plan.datasets.values).sorted { $0.name < $1.name }
        for manifest in manifests { reports.append(try await report(on: manifest)) }
        let failed = reports.filter { !$0.passed }
        guard failed.isEmpty else { throw failure(failed) }
        return try run.workshop.store.put(canonicalJSON(reports))
    }

    private func report(on manifest: DatasetManifest) async throws -> ValidationReport {
        if let source = manifest.followed, manifest.files.isEmpty {
            throw Failure(
                "nothing is pinned yet of `\(source)`, which dataset `\(manifest.name)` follows",
                at: manifest.path, hint: "slipway status says why, if it stays so",
                .wait(for: "the commit of the bot that pins it"))
        }
        let store = run.workshop.store
        let name = run.order.plan.validationFingerprints[manifest.name]
        if let name, let known = try store.look(name) {
            return try decodeJSON(ValidationReport.self, store.read(known.output))
        }
        let (report, profile) = try await Validation.profile(
            manifest, root: await run.checkout.ensure(run.progress, "validate"))
        if report.passed, let profile,
            let digest = run.order.plan.datasetDigests[manifest.name]
        {
            try KeptProfiles(store).keep(
                profile, of: digest, model: run.order.id.model, at: run.workshop.clock())
        }
        if let name, report.passed {
            try store.store(
                StepRecord(
                    fingerprint: name, model: run.order.id.model,
                    step: StepName(checked: "validate"),
                    output: try store.put(canonicalJSON(report)), files: [:],
                    finishedAt: run.workshop.clock(), seconds: 0))
        }
        return report
    }

    private func failure(_ failed: [ValidationReport]) -> Failure {
        let names = failed.map { "`\($0.dataset)`" }.joined(separator: ", ")
        let details = failed.flatMap(\.diagnostics)
        let total = failed.flatMap(\.violations).reduce(0) { $0 + $1.total }
        let one = failed.count == 1
        return Failure(
            "dataset\(one ? "" : "s") \(names) failed validation: \(total) violation"
                + "\(total == 1 ? "" : "s"); nothing was trained",
            at: details.first?.place.description,
            hint: "mend the data or the manifest, try `slipway check`, and push",
            .wait(for: "a commit that mends the data"), details: Array(details.prefix(50)))
    }
}
