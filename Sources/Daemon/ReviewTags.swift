import Domain
import Git

/// The reviewers' tags that git shows now, by what they are about.
///
/// A look costs one comparison for each tag; all else takes time by what came, went or moved.
struct ReviewTags: Sendable {
    /// What is written below `approve/<model>/` or `reject/<model>/`.
    private struct Change {
        var gone: Set<String> = []
        var new: [Reference] = []
    }

    /// Every `approve/…` ref, sorted by name; then every `reject/…` ref.
    private var spaces: [[Reference]] = [[], []]
    /// By the part of the name where a model should stand, sorted by name.
    private var subjects: [Substring: [Reference]] = [:]
    /// How many refs point at an object.
    private var targets: [ObjectID: Int] = [:]

    /// Where they are.
    static let prefixes = ["refs/tags/approve/", "refs/tags/reject/"]

    /// Takes the refs of both prefixes as they are now, each sorted by name; returns what the
    /// tags are about that came, went or moved.
    mutating func take(_ found: [[Reference]]) -> Set<Substring> {
        var changes: [Substring: Change] = [:]
        for (known, new) in zip(spaces, found) where known != new {
            compare(known, new, &changes)
        }
        spaces = found
        for (subject, change) in changes {
            var refs = subjects[subject] ?? []
            refs.removeAll { change.gone.contains($0.name) }
            refs = (refs + change.new).sorted { $0.name < $1.name }
            subjects[subject] = refs.isEmpty ? nil : refs
        }
        return Set(changes.keys)
    }

    /// Goes through both lists side by side, as both are sorted.
    private mutating func compare(
        _ known: [Reference], _ new: [Reference], _ changes: inout [Substring: Change]
    ) {
        var (old, now) = (0, 0)
        while old < known.count || now < new.count {
            if old < known.count, now < new.count, known[old] == new[now] {
                (old, now) = (old + 1, now + 1)
                continue
            }
            // One that moved goes first and comes then.
            let goes =
                old < known.count && (now == new.count || known[old].name <= new[now].name)
            let ref = goes ? known[old] : new[now]
            let count = (targets[ref.target] ?? 0) + (goes ? -1 : 1)
            targets[ref.target] = count == 0 ? nil : count
            if goes {
                changes[subject(of: ref), default: Change()].gone.insert(ref.name)
                old += 1
            } else {
                changes[subject(of: ref), default: Change()].new.append(ref)
                now += 1
            }
        }
    }

    private func subject(of ref: Reference) -> Substring {
        let parts = ref.name.split(separator: "/", maxSplits: 4)
        return parts.count > 3 ? parts[3] : ""
    }

    /// The refs below a model's name, sorted by name.
    func refs(of model: ModelName) -> [Reference] { subjects[model.text[...]] ?? [] }

    /// The names without `refs/tags/` of tags that name no model of `models`: how many there
    /// are, and the first.
    func strangers(
        to models: Set<ModelName>, shownMax: Int
    ) -> (count: Int, first: [String]) {
        var count = 0
        var first: [String] = []
        for subject in subjects.keys.sorted() where !isKnown(subject, models) {
            let refs = subjects[subject] ?? []
            count += refs.count
            first += refs.prefix(shownMax - first.count).map { String($0.name.dropFirst(10)) }
        }
        return (count, first)
    }

    private func isKnown(_ subject: Substring, _ models: Set<ModelName>) -> Bool {
        guard subject != ModelName.policy.text else { return true }
        return ModelName(String(subject)).map(models.contains) ?? false
    }

    /// Tags of the record whose ref is gone or points elsewhere now.
    func gone(from known: [SeenTag]) -> [ObjectID: String] {
        var gone: [ObjectID: String] = [:]
        for tag in known where targets[tag.tag] == nil { gone[tag.tag] = tag.ref }
        return gone
    }
}
