import Domain
import Provenance
import Registry
import Validation

/// Reports on datasets that passed, by everything that they follow from: the data and what is
/// expected of it, and the profile of what was live.
struct KeptVerdicts: Sendable {
    /// It may forget any of them.
    let store: ArtifactStore
    private let program: ProgramDigest

    init(_ store: ArtifactStore, by program: ProgramDigest = .own) {
        self.store = store
        self.program = program
    }

    /// nil: there is none, or none that this version of Slipway reads.
    func report(_ rules: Fingerprint, _ baseline: String) throws -> ValidationReport? {
        guard let record = try store.look(try name(rules, baseline)) else { return nil }
        // Because what another version wrote is made again.
        return try? decodeJSON(ValidationReport.self, store.read(record.output))
    }

    func keep(
        _ report: ValidationReport, _ rules: Fingerprint, _ baseline: String, model: ModelName,
        at moment: Instant
    ) throws {
        try store.store(
            StepRecord(
                fingerprint: try name(rules, baseline), model: model,
                step: StepName(checked: "validate"), output: try store.put(canonicalJSON(report)),
                files: [:], finishedAt: moment, seconds: 0))
    }

    private func name(_ rules: Fingerprint, _ baseline: String) throws -> Fingerprint {
        try program.name("slipway data verdict 2\n\(rules)\n\(baseline)\n")
    }
}

/// What reading datasets gave, by all that they were read for; the profile, whose digest the report
/// names, is kept before it.
struct KeptExaminations: Sendable {
    /// It may forget any of them.
    let store: ArtifactStore
    /// Whether rows were compared with each other.
    private let comparesRows: Bool
    private let program: ProgramDigest

    init(_ store: ArtifactStore, comparesRows: Bool = true, by program: ProgramDigest = .own) {
        self.store = store
        self.comparesRows = comparesRows
        self.program = program
    }

    private struct Stored: Codable {
        var report: ValidationReport
        var measurements: Measurements
    }

    /// nil: there is none, or none that this version of Slipway reads.
    func examination(_ reading: Fingerprint) throws -> Examination? {
        guard let record = try store.look(try name(reading)) else { return nil }
        let bytes = try store.read(record.output)
        // Because what another version wrote is made again; here and below.
        guard let stored = try? decodeJSON(Stored.self, bytes) else { return nil }
        var profile: DatasetProfile?
        if let digest = stored.report.profile {
            let bytes = try store.read(digest)
            guard let known = try? DatasetProfile(canonicalJSON: bytes) else { return nil }
            profile = known
        }
        return Examination(
            report: stored.report, profile: profile, measurements: stored.measurements)
    }

    /// Returns it with the profile named in the report.
    func keep(
        _ found: Examination, _ reading: Fingerprint, model: ModelName, at moment: Instant
    ) throws -> Examination {
        var found = found
        found.report.profile = try found.profile.map { try store.put($0.canonicalJSON) }
        let stored = Stored(report: found.report, measurements: found.measurements)
        try store.store(
            StepRecord(
                fingerprint: try name(reading), model: model,
                step: StepName(checked: "examine"), output: try store.put(canonicalJSON(stored)),
                files: found.report.profile.map { ["profile.json": $0] } ?? [:],
                finishedAt: moment, seconds: 0))
        return found
    }

    private func name(_ reading: Fingerprint) throws -> Fingerprint {
        try program.name("slipway examination 2\n\(reading)\n\(comparesRows)\n")
    }
}
