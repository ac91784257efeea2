import Domain

/// What a commit says about one model.
enum Content: Hashable {
    case absent
    case broken(Int)
    case candidate(Proposal)
}

/// A candidate and the settings that are not part of it.
struct Proposal: Hashable {
    /// Stands for everything that shapes the model.
    var inputs: Int
    var environment: EnvironmentName
    var serving: Int
    /// The score that the gate asks for.
    var promotion: Int
}

struct Commit {
    let id: CommitID
    let author: Principal
    let contents: [ModelName: Content]
}

/// What engineers and reviewers wrote to git.
struct PeoplesRefs {
    var commitCount = 0
    /// Reviewers' tags that exist, in the order in which they were pushed.
    var tags: [(model: ModelName, tag: SeenTag)] = []
}

/// The fake git: what people wrote, and what the bot wrote.
struct Repository {
    private(set) var commits: [Commit] = []
    private(set) var indexes: [CommitID: Int] = [:]
    /// Per model the commits that touched it.
    private(set) var touching: [ModelName: [Int]] = [:]
    var people = PeoplesRefs()

    /// The notes: one log for all models.
    var notes: [DecisionRecord] = []
    var versionTags: [ModelName: [SemanticVersion: Release]] = [:]
    var numberTags: [ModelName: Set<Int>] = [:]
    /// The environments' branches: what they say now, and how many commits they have.
    var deployments: [EnvironmentName: [ModelName: Deployment]] = [:]
    var revisions: [EnvironmentName: Int] = [:]

    func content(of model: ModelName, at index: Int) -> Content {
        commits[index].contents[model] ?? .absent
    }

    /// Pushes a commit; one that changes nothing is not made.
    mutating func commit(_ contents: [ModelName: Content], by author: Principal) -> CommitID? {
        let before = commits.last?.contents ?? [:]
        let models = Set(before.keys).union(contents.keys)
        let touched = models.filter { before[$0] ?? .absent != contents[$0] ?? .absent }
        guard !touched.isEmpty else { return nil }
        let id = CommitID(checked: hexadecimal(for: "commit/\(commits.count)", digits: 40))
        indexes[id] = commits.count
        for model in touched { touching[model, default: []].append(commits.count) }
        commits.append(Commit(id: id, author: author, contents: contents))
        people.commitCount = commits.count
        return id
    }

    /// Authors of the commits that touched the model after `commit`, up to the one at `last`.
    func authors(of model: ModelName, after commit: CommitID?, upTo last: Int) -> Set<Principal> {
        let first = commit.flatMap { indexes[$0] } ?? -1
        return Set(
            (touching[model] ?? []).filter { $0 > first && $0 <= last }.map { commits[$0].author })
    }
}

func fingerprint(of model: ModelName, inputs: Int) -> Fingerprint {
    Fingerprint(checked: hexadecimal(for: "\(model)/inputs/\(inputs)", digits: 64))
}

func servingSettings(_ serving: Int) -> ServingSettings {
    ServingSettings(
        runtime: serving % 3 == 2 ? .command("serve \(serving)") : .sklearn, warmup: nil,
        startTimeoutSeconds: 60 + serving, requirements: nil)
}

extension Content {
    func seen(for model: ModelName) -> Seen.Content {
        switch self {
        case .absent: return .absent
        case .broken(let line):
            return .broken([
                Diagnostic(at: Place(file: "models/\(model)/model.yaml", line: line), "not a key")
            ])
        case .candidate(let proposal):
            let candidate = Candidate(
                model: model, fingerprint: fingerprint(of: model, inputs: proposal.inputs),
                environment: proposal.environment,
                bump: VersionBump.allCases[proposal.inputs % VersionBump.allCases.count])
            return .candidate(candidate, servingSettings(proposal.serving))
        }
    }
}
