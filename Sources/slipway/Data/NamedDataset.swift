import Domain
import Planning

extension RepositoryPlan {
    /// What keeps manifests of datasets from being read, in the order of files and lines.
    var datasetErrors: [Diagnostic] {
        let whole = Set(datasets.values.map(\.path))
        return diagnostics.filter { diagnostic in
            let file = diagnostic.place.file
            guard diagnostic.severity == .error, !whole.contains(file) else { return false }
            // Because no manifest is looked for where it is not there.
            if file == repositoryFile { return datasets.isEmpty }
            return !file.hasPrefix("models/") && !file.hasPrefix("environments/")
        }
    }

    /// The dataset of a name, for a command that can do nothing without it.
    func dataset(named name: String) throws(Stop) -> DatasetManifest {
        if let manifest = DatasetName(name).flatMap({ datasets[$0] }) { return manifest }
        let errors = datasetErrors.filter { $0.place.file.hasPrefix("datasets/\(name).") }
        guard !errors.isEmpty else {
            throw Stop(
                .notFound, "there is no dataset `\(oneLine(name))`, or it has errors",
                hint: "slipway data show lists them, slipway check names errors")
        }
        throw Stop(
            .wrong,
            Failure(
                "the manifest of the dataset `\(oneLine(name))` has errors",
                hint: "mend them; slipway check says more of each", details: errors))
    }
}
