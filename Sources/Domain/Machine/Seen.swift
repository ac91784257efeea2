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
        /// Versions whose tags somebody else wrote; no release of ours takes one of them.
        package var foreignVersions: Set<SemanticVersion>
        /// The greatest counter in tags that somebody else wrote; 0: there are none.
        package var foreignNumber: Int
        /// Commits that somebody else's tags assign to an environment, with the newest number of
        /// such a tag; 0: it has none.
        package var foreignAssigned: [EnvironmentName: [CommitID: Int]]

        package init(
            versions: Set<SemanticVersion> = [], numbers: Set<Int> = [],
            deployments: [EnvironmentName: Deployment] = [:],
            foreignVersions: Set<SemanticVersion> = [], foreignNumber: Int = 0,
            foreignAssigned: [EnvironmentName: [CommitID: Int]] = [:]
        ) {
            self.versions = versions
            self.numbers = numbers
            self.deployments = deployments
            self.foreignVersions = foreignVersions
            self.foreignNumber = foreignNumber
            self.foreignAssigned = foreignAssigned
        }
    }

    /// Who must say yes, as trusted before the commit, tightened by the commit.
    package struct Policy: Hashable, Sendable {
        package var digest: Digest
        package var approvals: Int
        /// Principals who wrote what is to be approved.
        package var excluded: Set<Principal>
        /// Roles of which some must be among those who approve.
        package var groups: [Group]
        /// Tags that were seen and do not count now, and why: too old, not a hardware key.
        package var ignored: [ObjectID: String]
        /// Why nothing may be released now, however many approve; nil: it may.
        package var blocked: Blocked?

        package init(
            digest: Digest, approvals: Int, excluded: Set<Principal>, groups: [Group] = [],
            ignored: [ObjectID: String] = [:], blocked: Blocked? = nil
        ) {
            self.digest = digest
            self.approvals = approvals
            self.excluded = excluded
            self.groups = groups
            self.ignored = ignored
            self.blocked = blocked
        }

        /// What is lacking when these people have approved, a phrase each; empty: nothing.
        package func lacking(_ principals: Set<Principal>) -> [String] {
            let all =
                principals.count < approvals
                ? ["\(principals.count) of \(approvals) approvals"] : []
            return all + lackingGroups(principals)
        }

        /// The part of `lacking` that is about roles.
        package func lackingGroups(_ principals: Set<Principal>) -> [String] {
            groups.compactMap { group in
                let have = group.members.intersection(principals).count
                guard have < group.approvals else { return nil }
                return "\(have) of \(group.approvals) from \(group.name)"
            }
        }
    }

    /// People of whom some must be among those who approve.
    package struct Group: Hashable, Sendable {
        /// As people know it: `ml`, or `owners of models/fraud/`.
        package var name: String
        /// With every name of each of them.
        package var members: Set<Principal>
        package var approvals: Int

        package init(name: String, members: Set<Principal>, approvals: Int) {
            self.name = name
            self.members = members
            self.approvals = approvals
        }
    }

    /// A release that has to wait.
    package struct Blocked: Hashable, Sendable {
        package var reason: String
        /// When to look again; nil: when something changes.
        package var until: Instant?

        package init(reason: String, until: Instant?) {
            self.reason = reason
            self.until = until
        }
    }

    /// The head of a branch that is taken up to the gate and no further.
    package struct PreviewHead: Hashable, Sendable {
        package var ref: String
        package var commit: CommitID
        package var content: Content
        package var run: Run

        package init(ref: String, commit: CommitID, content: Content, run: Run) {
            self.ref = ref
            self.commit = commit
            self.content = content
            self.run = run
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
    /// Heads of previews that touch the model, in the order of their refs.
    package var previews: [PreviewHead]
    /// Why the model rests; nil: it does not.
    package var suspended: Suspension?

    package init(
        model: ModelName, head: Head?, earlier: [CommitID], record: ModelRecord,
        published: Published, newTags: [SeenTag] = [], goneTags: [ObjectID: String] = [:],
        run: Run = .none, otherRuns: Set<RunID> = [], policy: Policy,
        previews: [PreviewHead] = [], suspended: Suspension? = nil
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
        self.previews = previews
        self.suspended = suspended
    }
}
