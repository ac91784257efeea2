import Domain
import Planning

extension RepositoryPlan {
    /// What keeps manifests of datasets from being read, in the order of files and lines.
    var datasetErrors: [Diagnostic] {
        let whole = Set(datasets.values.map(\.path))
        let named = Set(brokenDatasets.values.joined().map(\.file))
        return diagnostics.filter { diagnostic in
            let file = diagnostic.place.file
            guard diagnostic.severity == .error, !whole.contains(file) else { return false }
            if named.contains(file) { return true }
            // Because no manifest is looked for where it is not there.
            if file == repositoryFile { return datasets.isEmpty }
            return !file.hasPrefix("models/") && !file.hasPrefix("environments/")
        }
    }

    /// The dataset of a name, for a command that can do nothing without it.
    func dataset(named name: String) throws(Stop) -> DatasetManifest {
        if let manifest = DatasetName(name).flatMap({ datasets[$0] }) { return manifest }
        throw broken(name) ?? absent(name)
    }

    /// What is said of a dataset that is there and has errors, be it in its manifest or in what
    /// that names; nil: it is not there.
    func broken(_ name: String) -> Stop? {
        let places = DatasetName(name).flatMap { brokenDatasets[$0] } ?? []
        let files = Set(places.map(\.file))
        let own = "datasets/\(name)."
        let errors = datasetErrors.filter {
            files.contains($0.place.file) || $0.place.file.hasPrefix(own)
        }
        guard !errors.isEmpty else { return nil }
        let isOwn = places.count < 2 && errors.contains { $0.place.file.hasPrefix(own) }
        return Stop(
            .wrong,
            Failure(
                "the manifest of the dataset `\(oneLine(name))` "
                    + (isOwn ? "has errors" : "names what has errors"),
                hint: "mend them; slipway check says more of each", details: errors))
    }

    private func absent(_ name: String) -> Stop {
        // Because a file with another ending is not read, nor is any where these are not right.
        let around = datasets.isEmpty ? [repositoryFile, "datasets"] : []
        let why = diagnostics.filter {
            around.contains($0.place.file) || $0.place.file.hasPrefix("datasets/\(name).")
        }
        return Stop(
            .notFound,
            Failure(
                "there is no dataset `\(oneLine(name))`",
                hint: why.isEmpty
                    ? "slipway data show lists those that there are"
                    : "slipway check says more of each",
                details: why))
    }
}
