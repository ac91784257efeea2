package import Domain

/// What reading a dataset once gave: enough to judge it again under other limits, or against
/// another version, without reading it.
package struct Examination: Sendable {
    /// Without outcomes of named checks.
    package var report: ValidationReport
    /// nil: it has more columns than are profiled.
    package var profile: DatasetProfile?
    package var measurements: Measurements

    package init(
        report: ValidationReport, profile: DatasetProfile?, measurements: Measurements
    ) {
        self.report = report
        self.profile = profile
        self.measurements = measurements
    }

    /// The verdict under a manifest and against a baseline; `manifest` may differ from the one that
    /// was read with in severities, tolerated shares and the limits of named checks.
    /// - Parameters:
    ///   - baseline: the version that is live.
    ///   - moment: the time of the commit, which says how fresh its data is; nil: there is no
    ///     commit.
    package func judged(
        by manifest: DatasetManifest, against baseline: CheckBaseline,
        beside others: OtherBaselines = OtherBaselines(), at moment: Instant? = nil
    ) -> ValidationReport {
        report.judged(
            by: manifest,
            outcomes: evaluate(
                manifest, on: profile, against: baseline, beside: others, measurements, at: moment))
    }
}

/// Datasets in an order in which none is read twice for those that are compared with it: each
/// behind what it is compared with, and otherwise by name.
package func readingOrder(_ manifests: [DatasetManifest]) -> [DatasetManifest] {
    let byName = Dictionary(
        manifests.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var order: [DatasetManifest] = []
    var seen: Set<DatasetName> = []
    func visit(_ manifest: DatasetManifest) {
        guard seen.insert(manifest.name).inserted else { return }
        for name in manifest.comparedDatasets.sorted() { byName[name].map(visit) }
        order.append(manifest)
    }
    for manifest in manifests.sorted(by: { $0.name < $1.name }) { visit(manifest) }
    return order
}

extension DatasetManifest {
    /// Everything that its files have to be read for, without what only judges what was found.
    ///
    /// Two manifests with the same one are examined the same.
    package var reading: DatasetManifest {
        var manifest = withoutStrictness
        manifest.checks.named = manifest.checks.named
            .filter { $0.needsRows || $0.needsNumbers }.map(\.question)
        manifest.served = nil
        // Because of lines without declared columns whatever a check names is read.
        if format == .jsonl, columns.isEmpty {
            let named = Set(checks.named.flatMap(\.columns)).sorted()
            manifest.checks.named += named.map { DataCheck(.missingRatio, columns: [$0]) }
        }
        return manifest
    }

    private var withoutStrictness: DatasetManifest {
        var manifest = self
        let usual = Strictness()
        for index in columns.indices { manifest.columns[index].strictness = usual }
        for index in rules.indices { manifest.rules[index].strictness = usual }
        for index in keys.unique.indices { manifest.keys.unique[index].strictness = usual }
        for index in keys.foreign.indices { manifest.keys.foreign[index].strictness = usual }
        (manifest.keys.primaryStrictness, manifest.keys.sortedStrictness) = (usual, usual)
        manifest.checks.rowCountSeverity = .fail
        manifest.checks.missingShareSeverity = .fail
        manifest.checks.columnsSeverity = .fail
        manifest.checks.columnCount?.severity = .fail
        return manifest
    }

    /// The other datasets that its keys and checks are held against, row by row or as a whole.
    package var comparedDatasets: Set<DatasetName> {
        let named = checks.named.compactMap { $0.dataset ?? $0.against?.dataset }
        let others = keys.foreign.compactMap(\.dataset) + [served?.dataset].compactMap(\.self)
        return Set(named + others).subtracting([name])
    }

    /// How it is to be profiled, for all that its checks ask.
    ///
    /// - Parameter countsDuplicates: whether rows are compared with each other.
    package func profileOptions(
        countsDuplicates: Bool = true, validation: ValidationOptions = ValidationOptions()
    ) -> ProfileOptions {
        ProfileOptions(
            validation: validation, label: label, privateColumns: privateColumns,
            countsDuplicates: countsDuplicates)
    }
}
