/// One line of the notes: a decision about a commit, as the bot wrote it.
///
/// The notes are the log from which everything else follows: tags and environment branches are
/// written after the decision that asks for them, and can be written again from it.
package struct DecisionRecord: Hashable, Codable, Sendable {
    /// Position in the repository's one sequence of decisions, from 1.
    package var sequence: Int
    package var at: Instant
    package var model: ModelName
    /// The commit that the note hangs on.
    package var commit: CommitID
    package var decision: Decision
    /// The SHA-256 of the line before this one in the sequence, so that a line which was taken
    /// away or altered is noticed; nil for the first.
    package var previous: Digest?

    package init(
        sequence: Int, at: Instant, model: ModelName, commit: CommitID, decision: Decision,
        previous: Digest? = nil
    ) {
        self.sequence = sequence
        self.at = at
        self.model = model
        self.commit = commit
        self.decision = decision
        self.previous = previous
    }
}

extension DecisionRecord {
    /// Reads what was written; `policy`, which no model may be called, is the name under which
    /// policy is decided.
    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        sequence = try object.decode(Int.self, forKey: .sequence)
        at = try object.decode(Instant.self, forKey: .at)
        let name = try object.decode(String.self, forKey: .model)
        model =
            name == ModelName.policy.text
            ? .policy : try object.decode(ModelName.self, forKey: .model)
        commit = try object.decode(CommitID.self, forKey: .commit)
        decision = try object.decode(Decision.self, forKey: .decision)
        previous = try object.decodeIfPresent(Digest.self, forKey: .previous)
    }
}

/// What was decided, or seen for the first time.
package enum Decision: Hashable, Sendable {
    /// A run takes the commit's candidate through the steps.
    case started(run: Int, candidate: Fingerprint)
    /// A newer commit of the model was there before this one was approved.
    case superseded(by: CommitID)
    /// The commit's declarations are wrong: nothing is run.
    case broken(problems: [Diagnostic])
    /// The data is wrong or a step failed: nothing is judged.
    case failed(run: Int, failure: Failure)
    /// The gate decided.
    case judged(Judgement)
    /// A reviewer's tag was seen for the first time.
    case seen(SeenTag)
    /// A tag that was seen is gone; what it said still counts.
    case tagDeleted(tag: ObjectID, ref: String)
    /// A reviewer said no to the evidence.
    case rejected(evidence: EvidenceID, by: Principal)
    /// A candidate got its version number.
    case released(Release)
    /// An environment is to serve a version.
    case assigned(Assignment)
    /// A version was replaced by a revert and does not come back by itself.
    case held(environment: EnvironmentName, version: SemanticVersion)
    /// New evidence that names the hold was approved.
    case lifted(environment: EnvironmentName, version: SemanticVersion, evidence: EvidenceID)
    /// The commit asks for what is assigned already.
    case alreadyLive(AlreadyLive)
    /// The commit removed the model: the environment serves it no longer.
    case unassigned(Unassignment)
    /// The commit removed a model that no environment served.
    case removed
    /// A run takes a preview's candidate through the steps.
    case previewStarted(run: Int, candidate: Fingerprint, ref: String)
    /// How far a commit of a preview came; nothing is released from it.
    case previewed(Preview)
    /// The server's hook said who pushed the commit to the watched branch, and why.
    case pushed(Push)
    /// A commit wants other people or other rules to decide.
    case policyProposed(PolicyProposal)
    /// The proposal was approved under the rules that it replaces: it is trusted from now on.
    case policyAdopted(PolicyAdoption)
}

/// A push, as the server's hook told of it, or the bot's own.
package struct Push: Hashable, Codable, Sendable {
    /// The name by which the server knows who pushed; nil: it knows nobody.
    package var by: String?
    package var ref: String
    /// What the pusher gave as the reason, in one line.
    package var why: String?
    /// True: the bot put the commit there itself, under its name; nil: a hook told of it.
    package var byBot: Bool?

    package init(by: String?, ref: String, why: String? = nil, byBot: Bool? = nil) {
        self.by = by
        self.ref = ref
        self.why = why
        self.byBot = byBot
    }
}

/// The end of a preview: what the gate would say, or why it was not asked.
package struct Preview: Hashable, Codable, Sendable {
    package enum End: Hashable, Codable, Sendable {
        /// What the gate would decide; it holds no evidence.
        case judged(Judgement)
        case failed(run: Int, Failure)
        case broken([Diagnostic])
        /// A newer commit of the preview was there first, or the preview is gone.
        case dropped
    }

    /// The branch or pull request.
    package var ref: String
    package var end: End

    package init(ref: String, end: End) {
        self.ref = ref
        self.end = end
    }
}

/// The gate's decision with everything that it was made from.
package struct Judgement: Hashable, Codable, Sendable {
    package var run: Int
    package var candidate: Fingerprint
    package var report: Report
    package var verdict: Verdict
    /// What the candidate was compared with.
    package var baseline: SemanticVersion?
    /// The trusted policy at that time.
    package var policy: Digest
    /// Made when the verdict is `passed`, else nil.
    package var evidence: Evidence?
    /// The SHA-256 of the evidence's canonical JSON; nil with `evidence`.
    package var evidenceDigest: Digest?
    /// How the datasets moved since the baseline, those alone that changed; nil: there is no
    /// baseline.
    package var drift: [DataDrift]?
    /// How the datasets were prepared, what others are made of first; nil: none was.
    package var lineage: [DataLineage]?
    /// What the checks of the data warn of, those datasets alone that they do; nil: nothing, or an
    /// old note, which has it in `drift`.
    package var data: [DataNotice]?

    package init(
        run: Int, candidate: Fingerprint, report: Report, verdict: Verdict,
        baseline: SemanticVersion?, policy: Digest, evidence: Evidence?, evidenceDigest: Digest?,
        drift: [DataDrift]? = nil, lineage: [DataLineage]? = nil,
        data: [DataNotice]? = nil
    ) {
        self.drift = drift
        self.data = data
        self.lineage = lineage
        self.run = run
        self.candidate = candidate
        self.report = report
        self.verdict = verdict
        self.baseline = baseline
        self.policy = policy
        self.evidence = evidence
        self.evidenceDigest = evidenceDigest
    }
}

/// An `approve/…` or `reject/…` tag as the bot first saw it.
package struct SeenTag: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable { case approve, reject }

    /// The id of the tag object; each counts once, whatever happens to the ref.
    package var tag: ObjectID
    package var ref: String
    package var kind: Kind
    package var evidence: EvidenceID?
    package var principal: Principal?
    package var keyFingerprint: String?
    /// Whether a security key signed; nil: nobody is known to have signed.
    package var isHardware: Bool?
    package var comment: String
    /// Why it does not count; nil when it does.
    package var refusal: String?
    /// How to mend what was refused.
    package var hint: String?

    package init(
        tag: ObjectID, ref: String, kind: Kind, evidence: EvidenceID?, principal: Principal?,
        keyFingerprint: String? = nil, isHardware: Bool? = nil, comment: String = "",
        refusal: String? = nil, hint: String? = nil
    ) {
        self.tag = tag
        self.ref = ref
        self.kind = kind
        self.evidence = evidence
        self.principal = principal
        self.keyFingerprint = keyFingerprint
        self.isHardware = isHardware
        self.comment = comment
        self.refusal = refusal
        self.hint = hint
    }
}

/// A candidate's registration: it happens once, on the first commit whose evidence was approved.
package struct Release: Hashable, Codable, Sendable {
    package var version: SemanticVersion
    package var candidate: Fingerprint
    /// Where the version tag and every assignment tag of the version sit.
    package var commit: CommitID
    package var evidence: EvidenceID
    package var artifact: Digest
    package var datasets: [DatasetName: Digest]
    package var approvedBy: [Principal]
    /// The tag objects that were used up by it.
    package var tags: [ObjectID]

    package init(
        version: SemanticVersion, candidate: Fingerprint, commit: CommitID, evidence: EvidenceID,
        artifact: Digest, datasets: [DatasetName: Digest], approvedBy: [Principal],
        tags: [ObjectID]
    ) {
        self.version = version
        self.candidate = candidate
        self.commit = commit
        self.evidence = evidence
        self.artifact = artifact
        self.datasets = datasets
        self.approvedBy = approvedBy
        self.tags = tags
    }
}

/// An environment is to serve this version from now on.
package struct Assignment: Hashable, Codable, Sendable {
    package enum Cause: Hashable, Codable, Sendable {
        /// These reviewers approved this evidence with these tag objects.
        case approved(evidence: EvidenceID, by: [Principal], tags: [ObjectID])
        /// The head of the watched branch has the fingerprint of this earlier version again.
        case reverted
    }

    package var environment: EnvironmentName
    package var version: SemanticVersion
    /// One counter per model over the tags of all its assignments and unassignments, from 1.
    package var number: Int
    /// The commit on the watched branch that caused it.
    package var commit: CommitID
    package var cause: Cause
    /// What it replaces; nil when nothing was assigned.
    package var replaces: SemanticVersion?
    package var serving: ServingSettings

    package init(
        environment: EnvironmentName, version: SemanticVersion, number: Int, commit: CommitID,
        cause: Cause, replaces: SemanticVersion?, serving: ServingSettings
    ) {
        self.environment = environment
        self.version = version
        self.number = number
        self.commit = commit
        self.cause = cause
        self.replaces = replaces
        self.serving = serving
    }
}

/// An environment serves the model no longer.
///
/// GTO takes an assignment back for the version of one commit and then shows the one before, so
/// every assignment that stands is taken back, by a tag on each commit.
package struct Unassignment: Hashable, Codable, Sendable {
    package var environment: EnvironmentName
    /// Of the first tag; the others have the numbers behind it.
    package var number: Int
    /// Where the tags sit, that of the version which was served last. Empty: the decision has one
    /// tag, and that on the commit of that version.
    package var commits: [CommitID]

    package init(environment: EnvironmentName, number: Int, commits: [CommitID]) {
        self.environment = environment
        self.number = number
        self.commits = commits
    }

    /// The numbers of its tags.
    package var numbers: Range<Int> { number..<number + max(commits.count, 1) }

    /// Where the tag with this number sits; nil: it is not one of its numbers.
    package func commit(of number: Int) -> CommitID? {
        let place = number - self.number
        return commits.indices.contains(place) ? commits[place] : nil
    }

    private enum Key: String, CodingKey { case environment, number, commits }

    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        environment = try object.decode(EnvironmentName.self, forKey: .environment)
        number = try object.decode(Int.self, forKey: .number)
        commits = try object.decodeIfPresent([CommitID].self, forKey: .commits) ?? []
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(environment, forKey: .environment)
        try object.encode(number, forKey: .number)
        if !commits.isEmpty { try object.encode(commits, forKey: .commits) }
    }
}

/// The commit asks for the version that is assigned already, perhaps served in another way.
package struct AlreadyLive: Hashable, Codable, Sendable {
    package var environment: EnvironmentName
    package var version: SemanticVersion
    package var serving: ServingSettings
    /// Whether the version would pass the commit's promotion rules; nil: there was nothing to ask.
    package var wouldPass: Bool?

    package init(
        environment: EnvironmentName, version: SemanticVersion, serving: ServingSettings,
        wouldPass: Bool?
    ) {
        self.environment = environment
        self.version = version
        self.serving = serving
        self.wouldPass = wouldPass
    }
}
