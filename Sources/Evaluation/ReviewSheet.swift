package import Domain

/// What a reviewer decides on, on one screen: what changed, what it does, who said what.
///
/// It says what it is given and finds out nothing: where something is not known, it says so.
package struct ReviewSheet: Sendable {
    /// One difference between the version that is live and the candidate.
    package struct Change: Hashable, Sendable {
        package var text: String
        /// A limit became easier to meet: it stands first.
        package var isLowered: Bool

        package init(text: String, isLowered: Bool) {
            self.text = text
            self.isLowered = isLowered
        }
    }

    /// The version that it is compared with.
    package struct Live: Hashable, Sendable {
        package var version: SemanticVersion
        /// What may be compared with the candidate's report; nil: nothing.
        package var report: Report?
        /// Why its own report is not beside the candidate's; nil: it is.
        package var note: String?

        package init(version: SemanticVersion, report: Report?, note: String? = nil) {
            self.version = version
            self.report = report
            self.note = note
        }
    }

    /// What somebody said.
    package struct Word: Hashable, Sendable {
        package var who: String
        package var isApproval: Bool
        package var comment: String
        /// Why it does not count; nil when it does.
        package var refusal: String?

        package init(who: String, isApproval: Bool, comment: String, refusal: String?) {
            self.who = who
            self.isApproval = isApproval
            self.comment = comment
            self.refusal = refusal
        }
    }

    /// What a step took.
    package struct Cost: Hashable, Sendable {
        package var step: String
        /// `done`, `cached`
        package var how: String
        package var seconds: Double?
        package var peakMemoryBytes: Int64?

        package init(
            step: String, how: String, seconds: Double? = nil, peakMemoryBytes: Int64? = nil
        ) {
            self.step = step
            self.how = how
            self.seconds = seconds
            self.peakMemoryBytes = peakMemoryBytes
        }
    }

    /// `digits/17`
    package var run: String
    package var commit: CommitID
    package var candidate: Fingerprint
    package var environment: String?
    package var report: Report
    package var verdict: Verdict
    /// nil: nothing was assigned.
    package var live: Live?
    /// nil: not known here; then `changesNote` says why.
    package var changes: [Change]?
    package var changesNote: String?
    /// Who pushed the commit, and why, a line each; empty: nobody said.
    package var pushes: [String] = []
    /// How the commit would change who may decide; a weaker rule first.
    package var policyChanges: [String] = []
    /// How the datasets moved since what is live; those that did not change are left out.
    package var drift: [DataDrift] = []
    /// What the checks of the data warn of.
    package var data: [DataNotice] = []
    /// How the datasets were prepared, what others are made of first.
    package var lineage: [DataLineage] = []
    /// Why the model rests; nil: it does not.
    package var suspended: String?
    /// nil: the gate did not pass it, so there is nothing to approve.
    package var evidence: EvidenceID?
    /// The held version that approving this would bring back.
    package var lifts: SemanticVersion?
    /// What would run to serve it.
    package var runtime: String?
    package var words: [Word] = []
    package var approvalsHave = 0
    package var approvalsNeeded = 0
    /// What is lacking besides the number of approvals, a phrase each.
    package var lacking: [String] = []
    package var costs: [Cost] = []
    package var commands: [String] = []

    package init(
        run: String, commit: CommitID, candidate: Fingerprint, report: Report, verdict: Verdict
    ) {
        self.run = run
        self.commit = commit
        self.candidate = candidate
        self.report = report
        self.verdict = verdict
    }
}
