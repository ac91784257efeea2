import Domain
import Git
import Review

/// Tags in a model's part of the reviewers' space that do not count and that git still shows.
struct RefusedTags {
    private static let shownMax = 20

    private let model: ModelName
    /// Newest first, as the refs stand now.
    private let tags: [(ref: String, reason: String, hint: String)]

    /// Goes by the objects: a second ref to an object that was refused is refused as well.
    init(_ seen: [SeenTag], of model: ModelName, present: [Reference]) {
        self.model = model
        let refs = Dictionary(grouping: present, by: \.target)
        var known: Set<ObjectID> = []
        tags = seen.reversed().filter { known.insert($0.tag).inserted }.flatMap { tag in
            (refs[tag.tag] ?? []).compactMap { ref in
                tag.refusal.map { (ref.name, $0, tag.hint ?? deletion(of: ref.name)) }
            }
        }
    }

    /// What people are shown; nil when there is nothing to mend.
    var failure: Failure? {
        guard let first = tags.first else { return nil }
        guard tags.count > 1 else {
            return Failure(
                "the tag `\(first.ref.dropFirst(10))` does not count: \(first.reason)",
                at: first.ref, hint: first.hint, .wait(for: "its deletion, or another tag"))
        }
        let shown = tags.prefix(Self.shownMax)
        let others = shown.count == tags.count ? "" : "; the newest \(shown.count) are shown"
        return Failure(
            "\(tags.count) review tags of \(model) do not count\(others)", at: first.ref,
            hint: first.hint, .wait(for: "their deletion"),
            details: shown.map {
                Diagnostic(.warning, at: Place(file: $0.ref), $0.reason, hint: $0.hint)
            })
    }
}

/// The command that takes a tag away.
func deletion(of ref: String) -> String { removal(of: ref) }
