import Domain

/// A dataset with those that it is compared with, and those that are compared with it.
struct Neighbourhood: Sendable {
    let manifest: DatasetManifest
    let comparisons: [KeyComparison]
    private let datasets: [DatasetName: DatasetManifest]
    private let shelf: KeyShelf
    /// By the dataset that is needed.
    private let needs: [DatasetName: KeyNeed]

    /// - Parameters:
    ///   - datasets: those of the repository that may be named; without a shelf only what the
    ///     dataset itself needs is read of them.
    init(
        _ manifest: DatasetManifest, among datasets: [DatasetName: DatasetManifest],
        shelf: KeyShelf?
    ) {
        self.manifest = manifest
        self.datasets = datasets
        self.shelf = shelf ?? KeyShelf()
        comparisons = manifest.comparisons(among: datasets)
        var needs: [DatasetName: KeyNeed] = [:]
        for comparison in comparisons {
            needs[comparison.dataset, default: KeyNeed()].add(comparison)
        }
        // Of thousands of datasets most are compared with none.
        let others =
            shelf == nil
            ? [] : datasets.values.filter { $0.isCompared && $0.name != manifest.name }
        for other in others.sorted(by: { $0.name < $1.name }) {
            for comparison in other.comparisons(among: datasets) {
                needs[comparison.dataset, default: KeyNeed()].add(comparison)
            }
        }
        self.needs = needs
    }

    /// The other datasets that must be read first, because nobody did yet; in the order of names.
    var unread: [DatasetManifest] {
        Set(comparisons.map(\.dataset)).sorted().compactMap { name in
            guard name != manifest.name, let other = datasets[name] else { return nil }
            return keys(of: other) == nil ? other : nil
        }
    }

    /// What is made of the keys of another dataset that is read for its keys alone.
    func plan(of other: DatasetManifest) -> KeyPlan {
        var plan = KeyPlan()
        add(needs[other.name], to: &plan)
        return plan
    }

    /// What is made of the keys of the dataset itself; all others must have been read.
    func plan(countsDuplicates: Bool) -> KeyPlan {
        var plan = KeyPlan(manifest)
        if countsDuplicates { plan.keep(.record) }
        for comparison in comparisons {
            for projection in comparison.own { plan.keep(projection) }
            if let column = comparison.textColumn { plan.add(texts: column) }
            guard let column = comparison.timeColumn else { continue }
            plan.add(time: KeyPlan.Time(column: column, limit: latest(comparison, column)))
        }
        add(needs[manifest.name], to: &plan)
        return plan
    }

    private func add(_ need: KeyNeed?, to plan: inout KeyPlan) {
        guard let need else { return }
        for projection in need.projections { plan.keep(projection) }
        for column in need.times { plan.add(time: KeyPlan.Time(column: column, limit: nil)) }
        for column in need.texts { plan.add(texts: column) }
    }

    func latest(_ comparison: KeyComparison, _ column: String) -> TimeValue? {
        datasets[comparison.dataset].flatMap(keys)?.tally.time(of: column)?.latest
    }

    /// What is known of another dataset.
    func keys(of other: DatasetManifest) -> SharedKeys? {
        shelf.keys(of: other, needs[other.name] ?? KeyNeed())
    }

    func keys(of name: DatasetName) -> SharedKeys? { datasets[name].flatMap(keys) }

    /// Keeps what was read for the passes to come.
    func put(_ keys: SharedKeys) {
        if needs[keys.manifest.name]?.isNeeded ?? false { shelf.put(keys) }
    }
}

extension KeyTally {
    /// The hashes of a projection; nil: they were not kept.
    func list(of projection: KeyProjection) -> RowPartitions? {
        guard let number = plan.number(of: projection) else { return nil }
        guard equalToRecord?.contains(number) == true else { return lists[number] }
        return plan.number(of: .record).flatMap { lists[$0] }
    }

    /// The texts of a column; nil: they were not kept.
    func texts(of column: String) -> NearTexts? {
        plan.texts.firstIndex(of: column).map { texts[$0] }
    }

    /// The rows by what tells their labels; nil: they were not kept.
    func noise(of plan: NoisePlan) -> NoiseSpool? {
        guard !noises.isEmpty else { return nil }
        return self.plan.noises.firstIndex(of: plan).map { noises[$0] }
    }

    /// A column of the plan that some file does not have; nil: all have them.
    func absentNoise(of plan: NoisePlan) -> String? {
        self.plan.noises.firstIndex(of: plan).flatMap { absentNoises[$0] }
    }

    /// What was found in a column of times, whatever it was held against.
    func time(of column: String) -> TimeTally? {
        let index =
            plan.times.firstIndex { $0.column == column && $0.limit == nil }
            ?? plan.times.firstIndex { $0.column == column }
        return index.map { times[$0] }
    }
}
