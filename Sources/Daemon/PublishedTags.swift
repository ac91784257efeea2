import Domain
import Git
import Registry

/// Tells the version and assignment tags that the decisions have written from everybody else's.
///
/// A tag of ours says what was decided: its commit is the release's, and a version's message names
/// the release's candidate. All others are foreign: they are shown, and their numbers are passed
/// over.
struct PublishedTags {
    /// What one model's tags say.
    struct Found {
        var published = Seen.Published()
        /// At most `shownMax`.
        var foreign: [ForeignTag] = []
        fileprivate var assigned = StageTags()
        fileprivate var unassigned = StageTags()
    }

    /// The candidates that tag objects name; nil: none.
    private var candidates: [ObjectID: Fingerprint?] = [:]
    private let candidatesMax = 100_000
    private let shownMax = 200
    /// Because a counter near the greatest number would leave none for us.
    private let foreignNumberMax = 1 << 40

    mutating func read(_ record: ModelRecord, in repository: Repository) async throws -> Found {
        var found = Found()
        for part in ["@", "#"] {
            for ref in try await repository.refs(prefix: "refs/tags/\(record.model)\(part)") {
                try await take(ref, record, repository, into: &found)
            }
        }
        found.published.foreignAssigned = found.assigned.without(found.unassigned)
        return found
    }

    private mutating func take(
        _ ref: Reference, _ record: ModelRecord, _ repository: Repository, into found: inout Found
    ) async throws {
        let name = String(ref.name.dropFirst(10))
        let tag: GTOTag
        do {
            tag = try GTOTag(parsing: name)
        } catch {
            return found.add(
                ForeignTag(
                    tag: name, kind: .malformed, commit: ref.commit, note: error.failure.what),
                shownMax)
        }
        if try await isOurs(tag, ref, record, repository) {
            if let version = tag.version { found.published.versions.insert(version) }
            if let counter = tag.counter { found.published.numbers.insert(counter) }
            return
        }
        if let version = tag.version { found.published.foreignVersions.insert(version) }
        if let counter = tag.counter, counter < foreignNumberMax {
            found.published.foreignNumber = max(found.published.foreignNumber, counter)
        }
        if ref.isAnnotatedTag, let commit = ref.commit {
            switch tag.event {
            case .assigned(let stage): found.assigned.add(stage, commit, tag.counter)
            case .unassigned(let stage): found.unassigned.add(stage, commit, tag.counter)
            case .registered, .deregistered, .deprecated, .created: break
            }
        }
        found.add(foreign(tag, name, ref, record), shownMax)
    }

    private func foreign(
        _ tag: GTOTag, _ name: String, _ ref: Reference, _ record: ModelRecord
    ) -> ForeignTag {
        var shown = ForeignTag(
            tag: name, kind: .event, version: tag.version, commit: ref.commit,
            note: ref.isAnnotatedTag ? nil : "a lightweight tag; GTO passes it over")
        switch tag.event {
        case .registered(let text), .deregistered(let text):
            shown.kind = .version
            if tag.version == nil { shown.note = "\(text) has more than three numbers" }
            if let version = tag.version, record.release(version) != nil {
                shown.note = "it is not the tag of our \(version)"
            } else if let ours = record.releases.first(where: { $0.commit == ref.commit }) {
                shown.note = "GTO shows nothing while it and our \(ours.version) have one commit"
            }
        case .created:
            shown.kind = .malformed
            shown.note = "GTO reads no tag of the repository while it is there"
        case .assigned, .unassigned, .deprecated: break
        }
        return shown
    }

    private mutating func isOurs(
        _ tag: GTOTag, _ ref: Reference, _ record: ModelRecord, _ repository: Repository
    ) async throws -> Bool {
        guard ref.isAnnotatedTag, tag.folder == nil else { return false }
        switch tag.event {
        case .registered:
            guard tag.counter == nil, let version = tag.version,
                let release = record.release(version), release.commit == ref.commit
            else { return false }
            return try await candidate(ref.target, repository) == release.candidate
        case .assigned(let stage):
            guard let made = record.assignments.first(where: { $0.number == tag.counter }) else {
                return false
            }
            return made.environment.text == stage
                && record.release(made.version)?.commit == ref.commit
        case .unassigned(let stage):
            return record.unassignments.contains { taken in
                guard let counter = tag.counter, taken.environment.text == stage else {
                    return false
                }
                return taken.commit(of: counter) == ref.commit && ref.commit != nil
            }
        case .deregistered, .deprecated, .created: return false
        }
    }

    private mutating func candidate(
        _ tag: ObjectID, _ repository: Repository
    ) async throws -> Fingerprint? {
        if let known = candidates[tag] { return known }
        let object = try await repository.tagObject(tag)
        // Because what somebody else wrote says nothing to us.
        let message = try? VersionMessage(parsing: object.message)
        if candidates.count >= candidatesMax { candidates = [:] }
        candidates[tag] = .some(message?.candidate)
        return message?.candidate
    }
}

extension PublishedTags.Found {
    fileprivate mutating func add(_ tag: ForeignTag, _ shownMax: Int) {
        if foreign.count < shownMax { foreign.append(tag) }
    }
}

/// The newest number of somebody else's tags about a stage, by the commit that they sit on.
private struct StageTags {
    private static let commitsMax = 1000
    private var numbers: [EnvironmentName: [CommitID: Int]] = [:]

    mutating func add(_ stage: String, _ commit: CommitID, _ counter: Int?) {
        guard let environment = EnvironmentName(stage) else { return }
        let known = numbers[environment]?[commit]
        guard known != nil || numbers[environment, default: [:]].count < Self.commitsMax else {
            return
        }
        numbers[environment, default: [:]][commit] = max(known ?? 0, counter ?? 0)
    }

    /// Those that no newer one of the others takes back.
    func without(_ others: StageTags) -> [EnvironmentName: [CommitID: Int]] {
        numbers.reduce(into: [:]) { result, stage in
            let taken = others.numbers[stage.key] ?? [:]
            result[stage.key] = stage.value.filter { commit, number in
                taken[commit].map { number > $0 } ?? true
            }
        }
    }
}
