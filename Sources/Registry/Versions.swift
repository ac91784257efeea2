package import Domain

/// All tags of a repository that follow GTO's grammar.
package struct VersionTags: Hashable, Sendable {
    package var tags: [GTOTag]

    /// Reads every tag on its own: a malformed one is reported and the others count.
    ///
    /// `names` are without `refs/tags/`; approvals and tags without `@` and `#` are passed over.
    package static func parsing(
        _ names: some Sequence<String>
    ) -> (value: VersionTags, malformed: [RegistryError]) {
        var tags: [GTOTag] = []
        var malformed: [RegistryError] = []
        for name in names where GTOTag.isMeant(name) {
            do throws(RegistryError) {
                tags.append(try GTOTag(parsing: name))
            } catch {
                malformed.append(error)
            }
        }
        return (VersionTags(tags: tags), malformed)
    }

    /// The registered versions of a model, ascending; pre-releases are not ours and left out.
    package func versions(of model: ModelName) -> [SemanticVersion] {
        tags.filter { $0.folder == nil && $0.name == model.text }
            .compactMap { tag in
                if case .registered = tag.event { tag.version } else { nil }
            }
            .sorted()
    }

    /// The counter of the model's next event: one more than the greatest over all its events.
    package func nextCounter(of model: ModelName) -> Int {
        let used = tags.filter { $0.folder == nil && $0.name == model.text }.compactMap(\.counter)
        return (used.max() ?? 0) + 1
    }
}

/// Returns the version after all existing ones; the first is v1.0.0, whatever `bump` says.
package func nextVersion(existing: [SemanticVersion], bump: VersionBump) -> SemanticVersion {
    existing.max().map { $0.next(bump) } ?? .first
}
