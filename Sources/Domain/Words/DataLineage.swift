/// What a prepared dataset was made of and how, as a decision remembers it.
package struct DataLineage: Hashable, Codable, Sendable {
    package struct File: Hashable, Codable, Sendable {
        package var path: String
        package var sha256: Digest

        package init(path: String, sha256: Digest) {
            self.path = path
            self.sha256 = sha256
        }
    }

    package var dataset: DatasetName
    /// The dataset that it was made of; its own name: its files.
    package var source: DatasetName
    /// What was read of the source, in the order of its manifest.
    package var sourceFiles: [File]
    /// A line for each step: `drop_missing: 150 → 120 rows`.
    package var steps: [String]
    package var rows: Int
    /// Of the bytes that were trained on.
    package var sha256: Digest
    /// Which of the dataset's rows they are, of a model with folds: `fold-1.test`; nil: all.
    package var part: String?

    package init(
        dataset: DatasetName, source: DatasetName, sourceFiles: [File], steps: [String], rows: Int,
        sha256: Digest, part: String? = nil
    ) {
        self.part = part
        self.dataset = dataset
        self.source = source
        self.sourceFiles = sourceFiles
        self.steps = steps
        self.rows = rows
        self.sha256 = sha256
    }

    /// The dataset, and which part of it, for people.
    package var title: String { part.map { "\(dataset) (\($0))" } ?? dataset.text }
}
