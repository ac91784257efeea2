import Domain
import Host
import Planning
import Validation

extension DatasetManifest {
    /// Whether all its files are in a folder.
    func isThere(in root: String) -> Bool {
        !rawFiles.isEmpty
            && rawFiles.allSatisfy {
                $0.url == nil || exists("\(root)/\($0.folder ?? $0.path)")
            }
    }

    /// What is said where it was not compared with some other datasets.
    func notes(notComparedWith absent: Set<DatasetName>) -> [String] {
        absent.sorted().map {
            "note: dataset \(name) is not compared with \($0), whose data is not here"
        }
    }

    /// The same for some of its files: without what is said of all of them together.
    var ofPart: DatasetManifest {
        var manifest = self
        manifest.checks.rowCountMin = 0
        manifest.checks.rowCountMax = nil
        (manifest.checks.missingShareMax, manifest.checks.missingRowsMax) = (nil, nil)
        manifest.checks.named = []
        return manifest.apart(from: [name])
    }

    /// The same without the keys and checks that are held against some other datasets.
    func apart(from others: Set<DatasetName>) -> DatasetManifest {
        var manifest = self
        manifest.keys.foreign.removeAll { others.contains($0.dataset ?? name) }
        manifest.checks.named.removeAll {
            let isServed = $0.name == .skew
            let other = $0.dataset ?? $0.against?.dataset ?? (isServed ? served?.dataset : nil)
            return other.map(others.contains) ?? false
        }
        return manifest
    }
}

extension RepositoryPlan {
    /// Datasets with those that they are compared with.
    func withCompared(_ manifests: [DatasetManifest]) -> [DatasetManifest] {
        let others = Set(manifests.flatMap(\.comparedDatasets))
            .subtracting(manifests.map(\.name))
        return manifests + others.sorted().compactMap { datasets[$0] }
    }

    /// Datasets with those that are compared with them, in the order of names.
    func withComparing(_ manifests: [DatasetManifest]) -> [DatasetManifest] {
        let names = Set(manifests.map(\.name))
        return datasets.values.filter {
            names.contains($0.name) || !names.isDisjoint(with: $0.comparedDatasets)
        }.sorted { $0.name < $1.name }
    }
}
