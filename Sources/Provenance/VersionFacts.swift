package import Domain

/// What is known about one version: the notes' part of it, and what the caller adds.
package struct VersionFacts: Sendable {
    /// What the notes do not say.
    package struct Setting: Hashable, Sendable {
        /// From `repositoryURI`.
        package var repository: String
        /// The watched branch: `refs/heads/main`.
        package var ref: String
        /// The URI of the daemon that ran the steps and decided: whoever trusts it trusts these
        /// statements.
        package var builder: String
        /// The builder's parts and their versions: `{"slipway": "1.2.0"}`.
        package var builderVersion: [String: String]
        /// Logs, resolved requirements and the like, which only the daemon's machine has.
        package var byproducts: [ResourceDescriptor]

        package init(
            repository: String, ref: String, builder: String,
            builderVersion: [String: String] = [:], byproducts: [ResourceDescriptor] = []
        ) {
            self.repository = repository
            self.ref = ref
            self.builder = builder
            self.builderVersion = builderVersion
            self.byproducts = byproducts
        }
    }

    package let model: ModelName
    package let release: Release
    package let evidence: Evidence
    package let judgement: Judgement
    package let evidenceDigest: Digest
    /// When the run began; nil when the notes do not say.
    package let startedAt: Instant?
    package let judgedAt: Instant
    package let releasedAt: Instant
    package let setting: Setting

    /// Finds the version in the decisions, which may come in any order.
    package init(
        _ model: ModelName, _ version: SemanticVersion, records: some Sequence<DecisionRecord>,
        setting: Setting
    ) throws(ProvenanceError) {
        let records = records.filter { $0.model == model }.sorted { $0.sequence < $1.sequence }
        var found: (release: Release, record: DecisionRecord)?
        for record in records {
            if case .released(let release) = record.decision, release.version == version {
                found = (release, record)
                break
            }
        }
        guard let found else { throw .notReleased(model, version) }
        let release = found.release
        let judged = records.last { record in
            guard case .judged(let judgement) = record.decision,
                judgement.evidence != nil, let digest = judgement.evidenceDigest
            else { return false }
            return record.commit == release.commit && record.sequence < found.record.sequence
                && EvidenceID(digest) == release.evidence
        }
        guard let judged, case .judged(let judgement) = judged.decision,
            let evidence = judgement.evidence, let digest = judgement.evidenceDigest
        else { throw .evidenceMissing(release.evidence) }
        let started = records.last { record in
            guard case .started(let run, _) = record.decision else { return false }
            return run == judgement.run && record.sequence < judged.sequence
        }
        self.model = model
        self.release = release
        self.evidence = evidence
        self.judgement = judgement
        self.setting = setting
        evidenceDigest = digest
        startedAt = started?.at
        judgedAt = judged.at
        releasedAt = found.record.at
    }

    /// The released folder: the digest is that of its listing (`docs/artifacts.md`), which names
    /// every file with its own.
    var subject: [ResourceDescriptor] {
        [
            ResourceDescriptor(
                name: "\(model)@\(release.version)", digest: ["sha256": release.artifact.hex])
        ]
    }

    /// A file of the released commit.
    func file(_ path: String) -> String {
        "git+\(setting.repository)@\(release.commit)#\(path)"
    }
}
