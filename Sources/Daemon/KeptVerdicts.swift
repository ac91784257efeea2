import Domain
import Provenance
import Registry
import Validation

/// Reports on datasets that passed, by everything that they follow from: the data and what is
/// expected of it, and the profile of what was live.
struct KeptVerdicts: Sendable {
    let store: ArtifactStore

    init(_ store: ArtifactStore) { self.store = store }

    /// nil: there is none, or none that this version of Slipway reads.
    func report(_ rules: Fingerprint, _ baseline: String) throws -> ValidationReport? {
        guard let record = try store.look(name(rules, baseline)) else { return nil }
        // Because what another version wrote is made again.
        return try? decodeJSON(ValidationReport.self, store.read(record.output))
    }

    func keep(
        _ report: ValidationReport, _ rules: Fingerprint, _ baseline: String, model: ModelName,
        at moment: Instant
    ) throws {
        try store.store(
            StepRecord(
                fingerprint: name(rules, baseline), model: model,
                step: StepName(checked: "validate"), output: try store.put(canonicalJSON(report)),
                files: [:], finishedAt: moment, seconds: 0))
    }

    private func name(_ rules: Fingerprint, _ baseline: String) -> Fingerprint {
        named("slipway data verdict 1\n\(rules)\n\(baseline)\n")
    }
}

/// What reading datasets gave, by all that they were read for; the profiles beside it.
struct KeptExaminations: Sendable {
    let store: ArtifactStore

    init(_ store: ArtifactStore) { self.store = store }

    private struct Stored: Codable {
        var report: ValidationReport
        var measurements: Measurements
        /// nil: it is not profiled.
        var profile: Digest?
    }

    /// nil: there is none, or none that this version of Slipway reads.
    func examination(_ reading: Fingerprint) throws -> Examination? {
        guard let record = try store.look(name(reading)) else { return nil }
        let bytes = try store.read(record.output)
        // Because what another version wrote is made again; here and below.
        guard let stored = try? decodeJSON(Stored.self, bytes) else { return nil }
        var profile: DatasetProfile?
        if let digest = stored.profile {
            let bytes = try store.read(digest)
            guard let known = try? DatasetProfile(canonicalJSON: bytes) else { return nil }
            profile = known
        }
        return Examination(
            report: stored.report, profile: profile, measurements: stored.measurements)
    }

    func keep(
        _ found: Examination, _ reading: Fingerprint, model: ModelName, at moment: Instant
    ) throws {
        let profile = try found.profile.map { try store.put($0.canonicalJSON) }
        let stored = Stored(
            report: found.report, measurements: found.measurements, profile: profile)
        try store.store(
            StepRecord(
                fingerprint: name(reading), model: model,
                step: StepName(checked: "examine"), output: try store.put(canonicalJSON(stored)),
                files: profile.map { ["profile.json": $0] } ?? [:], finishedAt: moment,
                seconds: 0))
    }

    private func name(_ reading: Fingerprint) -> Fingerprint {
        named("slipway examination 2\n\(reading)\n")
    }
}

private func named(_ text: String) -> Fingerprint {
    Fingerprint(checked: sha256(Array(text.utf8)).hex)
}
