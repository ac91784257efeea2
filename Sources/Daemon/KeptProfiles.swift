import Domain
import Provenance
import Registry
import Validation

/// The profiles of the datasets that versions were made of, beside the artifacts.
///
/// A version's evidence names the reports on its data, and each report the profile that was taken
/// when it was judged: no later manifest, run or preview puts another one in its place. So what a
/// version was made of is compared with what comes later, and never read again.
struct KeptProfiles: Sendable {
    let store: ArtifactStore
    /// Of all evidence that was made of the model, the digest of the reports on its data.
    private let validations: [EvidenceID: Digest]
    private let findingsMax = 30

    init(_ store: ArtifactStore, _ validations: [EvidenceID: Digest]) {
        self.store = store
        self.validations = validations
    }

    /// The digest of the profile of a dataset that a version was made of; nil: none is kept.
    func profile(of dataset: DatasetName, in release: Release) throws -> Digest? {
        guard let digest = validations[release.evidence], store.contains(digest) else { return nil }
        let bytes = try store.read(digest)
        // Because reports of another version of Slipway mean that nothing can be compared.
        let reports = try? decodeJSON([ValidationReport].self, bytes)
        let profile = reports?.first { $0.dataset == dataset }?.profile
        return profile.flatMap { store.contains($0) ? $0 : nil }
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
            let place = DatasetPlace(dataset, of: datasets, in: release)
            guard case .made(let name, let earlier) = place else {
                found.append(
                    DataDrift(
                        dataset: dataset, summary: "\(release.version) was made without it"))
                continue
            }
            guard earlier != digest else { continue }
            do throws(Missing) {
                var moved = try drift(
                    dataset, since: release, name, reports.first { $0.dataset == dataset })
                if name != dataset {
                    moved.summary = "it stands where `\(name)` stood; \(moved.summary)"
                }
                found.append(moved)
            } catch {
                found.append(DataDrift(dataset: dataset, summary: "it changed; \(error.what)"))
            }
        }
        return found
    }

    private func drift(
        _ dataset: DatasetName, since release: Release, _ name: DatasetName,
        _ judged: ValidationReport?
    ) throws(Missing) -> DataDrift {
        let before: Digest?
        do {
            before = try profile(of: name, in: release)
        } catch {
            throw Missing(what: "the reports on \(release.version)'s data cannot be read")
        }
        return drift(
            dataset, try read(before, "\(release.version)'s data"),
            try read(judged?.profile, "the candidate's data"), judged?.outcomes ?? [])
    }

    private func drift(
        _ dataset: DatasetName, _ before: DatasetProfile, _ now: DatasetProfile,
        _ checked: [CheckOutcome]
    ) -> DataDrift {
        let report = DriftReport(reference: before, current: now)
        var findings = report.outcomes.filter { moved in
            moved.isFinding
                && !checked.contains {
                    $0.column == moved.column && $0.check == moved.measure.rawValue
                }
        }.map { "\($0.column): \($0.fact)" }
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

    private func read(_ profile: Digest?, _ data: String) throws(Missing) -> DatasetProfile {
        guard let profile, store.contains(profile) else {
            throw Missing(what: "no profile of \(data) is kept")
        }
        do {
            return try DatasetProfile(canonicalJSON: store.read(profile))
        } catch {
            throw Missing(what: "the profile kept of \(data) cannot be read")
        }
    }
}

extension ModelRecord {
    /// Of all evidence that was made, the digest of the reports on the data.
    var validations: [EvidenceID: Digest] { shown.mapValues(\.evidence.validation) }
}
