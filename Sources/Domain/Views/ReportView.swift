/// What a reviewer needs to decide: `slipway report <model>`.
package struct ReportView: Hashable, Codable, Sendable {
    package var model: ModelName
    package var run: RunID
    package var commit: CommitID
    package var candidate: Fingerprint
    package var environment: EnvironmentName?
    package var report: Report
    package var verdict: Verdict
    package var baseline: SemanticVersion?
    package var evidence: Evidence?
    /// All 64 digits; an approval's `Evidence:` line.
    package var evidenceDigest: Digest?
    /// Tags about this evidence, in the order of first sight.
    package var tags: [SeenTag]
    package var approvalsNeeded: Int
    /// Who pushed the commit, and why; nil: nobody said.
    package var pushes: [Push]?
    /// How the datasets moved since the baseline; nil: there is none to compare with.
    package var drift: [DataDrift]?
    /// What the checks of the data warn of; nil: nothing.
    package var data: [DataNotice]?
    /// How the datasets were prepared; nil: none was.
    package var lineage: [DataLineage]?

    package init(
        judgement: Judgement, commit: CommitID, record: ModelRecord, approvalsNeeded: Int
    ) {
        model = record.model
        run = RunID(model: record.model, number: judgement.run)
        self.commit = commit
        candidate = judgement.candidate
        environment = judgement.evidence?.environment
        report = judgement.report
        verdict = judgement.verdict
        baseline = judgement.baseline
        evidence = judgement.evidence
        evidenceDigest = judgement.evidenceDigest
        let id = judgement.evidenceDigest.map(EvidenceID.init)
        tags = id == nil ? [] : record.tags.filter { $0.evidence == id }
        self.approvalsNeeded = approvalsNeeded
        pushes = record.pushes[commit]
        let told = judgement.drift.map(DataNotice.parting)
        drift = told?.drift
        let notices = (judgement.data ?? []) + (told?.notices ?? [])
        data = notices.isEmpty ? nil : notices
        lineage = judgement.lineage
    }

    /// Who approved, as far as it counts.
    package var approvers: Set<Principal> {
        Set(tags.filter { $0.kind == .approve && $0.refusal == nil }.compactMap(\.principal))
    }
}

/// A version as people see it: `slipway versions <model>`.
package struct VersionView: Hashable, Codable, Sendable {
    package var model: ModelName
    package var release: Release
    /// Environments whose branch assigns it now.
    package var assignedTo: [EnvironmentName]
    package var heldIn: [EnvironmentName]

    package init(release: Release, record: ModelRecord) {
        model = record.model
        self.release = release
        assignedTo = record.current.filter { $0.value.version == release.version }.keys.sorted()
        heldIn = record.held.filter { $0.value.contains(release.version) }.keys.sorted()
    }
}
