package import Domain

/// Finds datasets by the words of their manifests.
package struct DatasetSearch: Sendable {
    /// A dataset that has every word.
    package struct Hit: Sendable {
        package var manifest: DatasetManifest
        /// Where the words were found: `column age`.
        package var places: [String]
        var score: Int
    }

    private let words: [String]

    /// Takes the words of a query; case and punctuation do not count.
    package init(_ query: String) { words = Self.words(of: query) }

    /// Returns the datasets in which each word of the query begins some word, the best first;
    /// none for a query without words.
    package func find(in manifests: some Sequence<DatasetManifest>) -> [Hit] {
        guard !words.isEmpty else { return [] }
        return manifests.compactMap(hit).sorted {
            ($1.score, $0.manifest.name) < ($0.score, $1.manifest.name)
        }
    }

    private func hit(_ manifest: DatasetManifest) -> Hit? {
        let fields = Self.fields(of: manifest)
        var places: [String] = []
        var score = 0
        for word in words {
            var best = 0
            for field in fields where field.words.contains(where: { $0.hasPrefix(word) }) {
                let isWhole = field.words.contains(word)
                best = Swift.max(best, 2 * field.weight + (isWhole ? 1 : 0))
                if !places.contains(field.place) { places.append(field.place) }
            }
            guard best > 0 else { return nil }
            score += best
        }
        return Hit(manifest: manifest, places: places, score: score)
    }

    private struct Field {
        var place: String
        var words: [String]
        var weight: Int

        init(_ kind: String, _ text: String, _ weight: Int) {
            place = "\(kind) \(text)"
            words = DatasetSearch.words(of: text)
            self.weight = weight
        }
    }

    private static func fields(of manifest: DatasetManifest) -> [Field] {
        var fields = [Field("name", manifest.name.text, 8)]
        fields += manifest.tags.map { Field("tag", $0, 4) }
        fields += manifest.columns.map { Field("column", $0.name, 4) }
        fields += [
            Field("owner", manifest.owner, 2), Field("description", manifest.description, 1),
        ]
        fields += manifest.rawFiles.prefix(1000).map { Field("file", $0.path, 1) }
        return fields
    }

    /// Runs of letters and digits, in lower case.
    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
