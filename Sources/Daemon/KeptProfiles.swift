import Domain
import Provenance
import Registry
import Validation

/// The profiles of datasets whose rules passed, kept by the datasets' digests beside the artifacts.
///
/// So what a version was made of is compared with what comes later, and never read again.
struct KeptProfiles: Sendable {
    let store: ArtifactStore
    private let findingsMax = 30

    init(_ store: ArtifactStore) { self.store = store }

    /// Keeps the profile of a dataset.
    func keep(
        _ profile: DatasetProfile, of dataset: Digest, model: ModelName, at moment: Instant
    ) throws {
        try store.store(
            StepRecord(
                fingerprint: name(of: dataset), model: model, step: StepName(checked: "profile"),
                output: try store.put(profile.canonicalJSON), files: [:], finishedAt: moment,
                seconds: 0))
    }

    /// The digest of the profile that is kept of a dataset; nil: none is.
    func record(of dataset: Digest) throws -> Digest? {
        try store.look(name(of: dataset))?.output
    }

    /// Says how the datasets of a candidate moved from those of a release.
    ///
    /// A dataset that is the same is left out; so are measures that a check of its manifest takes.
    func drift(
        from release: Release, to datasets: [DatasetName: Digest],
        beside reports: [ValidationReport]
    ) -> [DataDrift] {
        var found: [DataDrift] = []
        for (dataset, digest) in datasets.sorted(by: { $0.key < $1.key }) {
            guard let earlier = release.datasets[dataset] else {
                found.append(
                    DataDrift(
                        dataset: dataset, summary: "\(release.version) was made without it"))
                continue
            }
            guard earlier != digest else { continue }
            do throws(Missing) {
                found.append(
                    drift(
                        dataset, try profile(of: earlier), try profile(of: digest),
                        reports.first { $0.dataset == dataset }?.outcomes ?? []))
            } catch {
                found.append(DataDrift(dataset: dataset, summary: "it changed; \(error.what)"))
            }
        }
        return found
    }

    private func drift(
        _ dataset: DatasetName, _ before: DatasetProfile, _ now: DatasetProfile,
        _ checked: [CheckOutcome]
    ) -> DataDrift {
        let report = DriftReport(reference: before, current: now)
        var findings = report.outcomes.filter { moved in
            (moved.verdict == .warned || moved.verdict == .failed)
                && !checked.contains {
                    $0.column == moved.column && $0.check == moved.measure.rawValue
                }
        }.map { "\($0.column): \($0.sentence)" }
        findings += report.columnsOfReferenceOnly.map { "\($0): is no longer there" }
        findings += report.columnsOfCurrentOnly.map { "\($0): is new" }
        if findings.count > findingsMax {
            let more = findings.count - findingsMax
            findings = findings.prefix(findingsMax) + ["and \(more) more"]
        }
        return DataDrift(
            dataset: dataset, rowsBefore: before.rows, rowsNow: now.rows,
            summary: report.dataset.sentence, findings: findings)
    }

    /// Why contents cannot be compared. It is said in the report and stops nothing, because what
    /// was kept only informs, and may be of another version or gone.
    private struct Missing: Error {
        var what: String
    }

    private func profile(of dataset: Digest) throws(Missing) -> DatasetProfile {
        do {
            if let record = try store.look(name(of: dataset)) {
                return try DatasetProfile(canonicalJSON: store.read(record.output))
            }
        } catch {
            throw Missing(what: "the profile kept of \(dataset.short) cannot be read")
        }
        throw Missing(what: "no profile of \(dataset.short) is kept")
    }

    private func name(of dataset: Digest) -> Fingerprint {
        let text = "slipway profile 1\n\(dataset)\n"
        return Fingerprint(checked: sha256(Array(text.utf8)).hex)
    }
}
