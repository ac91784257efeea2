/// What a check of change compares data with in place of what is live.
package enum NamedBaseline: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The same dataset, as this version of the model was made of it.
    case version(SemanticVersion)
    /// Another dataset of the repository, as the same commit has it.
    case dataset(DatasetName)

    /// Parses `v1.2.0` or the name of a dataset; nil for anything else. No name of a dataset can
    /// be taken for a version, because names have no dots.
    package init?(_ text: String) {
        if let version = SemanticVersion(text) {
            self = .version(version)
        } else if let name = DatasetName(text) {
            self = .dataset(name)
        } else {
            return nil
        }
    }

    /// The dataset; nil: it is a version.
    package var dataset: DatasetName? {
        if case .dataset(let name) = self { name } else { nil }
    }

    /// `v1.2.0`, or the dataset's name.
    package var description: String {
        switch self {
        case .version(let version): version.description
        case .dataset(let name): name.text
        }
    }
}

/// The requests that a model was asked, in another dataset of the repository: one row for each.
package struct ServedRequests: Hashable, Codable, Sendable {
    package var dataset: DatasetName
    /// Column here → the field of a request that holds it, as a path with points; a column that is
    /// not named is in the field of its own name.
    package var fields: [String: String]
    /// Where `served` stands in the manifest.
    package var place: Place

    package init(dataset: DatasetName, fields: [String: String] = [:], place: Place) {
        self.dataset = dataset
        self.fields = fields
        self.place = place
    }

    /// The field of a request that holds a column.
    package func field(of column: String) -> String { fields[column] ?? column }
}
