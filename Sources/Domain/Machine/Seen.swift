/// One consistent look at everything that decides what happens next to a model.
package struct Seen: Hashable, Sendable {
    /// The newest commit on the watched branch that touched the model.
    package struct Head: Hashable, Sendable {
        package var commit: CommitID
        package var content: Content
        /// The branch was moved back to a commit that has its decision: it is decided anew.
        package var isRevisited: Bool
        /// Whether what is assigned would pass this commit's promotion rules; nil: nothing to ask.
        package var wouldPass: Bool?

        package init(
            commit: CommitID, content: Content, isRevisited: Bool = false, wouldPass: Bool? = nil
        ) {
            self.commit = commit
            self.content = content
            self.isRevisited = isRevisited
            self.wouldPass = wouldPass
        }
    }

    /// What the head commit says about the model.
    package enum Content: Hashable, Sendable {
        case candidate(Candidate, ServingSettings)
        case broken([Diagnostic])
        /// The model is not in the commit.
        case absent
    }

    /// How far the run of the head commit has come, as the journal and the machine show it.
    package enum Run: Hashable, Sendable {
        case none
        case running(RunID)
        case failed(RunID, Failure)
        case evaluated(RunID)
    }

    /// What git already shows of the decisions.
    package struct Published: Hashable, Sendable {
        package var versions: Set<SemanticVersion>
        /// Numbers of assignment and unassignment tags.
        package var numbers: Set<Int>
        package var deployments: [EnvironmentName: Deployment]

        package init(
            versions: Set<SemanticVersion> = [], numbers: Set<Int> = [],
            deployments: [EnvironmentName: Deployment] = [:]
        ) {
            self.versions = versions
            self.numbers = numbers
            self.deployments = deployments
        }
    }

    /// Who must say yes, as trusted before the commit, tightened by the commit.
    package struct Policy: Hashable, Sendable {
        package var digest: Digest
        package var approvals: Int
        /// Principals who wrote what is to be approved.
        package var excluded: Set<Principal>

        package init(digest: Digest, approvals: Int, excluded: Set<Principal>) {
            self.digest = digest
            self.approvals = approvals
            self.excluded = excluded
        }
    }

    package var model: ModelName
    /// nil: no commit on the branch ever had the model.
    package var head: Head?
    /// Commits before the head that touched the model, oldest first.
    package var earlier: [CommitID]
    package var record: ModelRecord
    package var published: Published
    /// Reviewers' tags that are not in the record, in the order in which they were seen.
    package var newTags: [SeenTag]
    /// Tags of the record whose refs are gone: object id to ref.
    package var goneTags: [ObjectID: String]
    package var run: Run
    /// Runs under way that are not the head commit's.
    package var otherRuns: Set<RunID>
    package var policy: Policy

    package init(
        model: ModelName, head: Head?, earlier: [CommitID], record: ModelRecord,
        published: Published, newTags: [SeenTag] = [], goneTags: [ObjectID: String] = [:],
        run: Run = .none, otherRuns: Set<RunID> = [], policy: Policy
    ) {
        self.model = model
        self.head = head
        self.earlier = earlier
        self.record = record
        self.published = published
        self.newTags = newTags
        self.goneTags = goneTags
        self.run = run
        self.otherRuns = otherRuns
        self.policy = policy
    }
}
