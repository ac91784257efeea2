import Domain

/// What is made of the keys of a dataset as it is read.
struct KeyPlan: Sendable {
    /// Columns of which it is counted how many rows are equal on them.
    struct Counted: Sendable {
        /// What equal rows break, `unique` or `primary_key`; nil: nothing.
        var rule: Rule?
        /// Which of the manifest's `unique_keys:` it is; nil: none, or a column says it.
        var number: Int?
        var columns: [String]
        var projection: Int
    }

    /// A column of times.
    struct Time: Hashable, Sendable {
        var column: String
        /// Rows that are not later are counted; nil: none are.
        var limit: TimeValue?
    }

    private(set) var projections: [KeyProjection] = []
    private(set) var counted: [Counted] = []
    /// Which projections' hashes are kept, to be compared with others.
    private(set) var isKept: [Bool] = []
    private(set) var times: [Time] = []
    /// Columns whose texts are compared by their shingles.
    private(set) var texts: [String] = []
    /// By what it is judged whether labels are right.
    private(set) var noises: [NoisePlan] = []
    /// What is counted against the label; nil: nothing.
    private(set) var cells: CellPlan?

    var isEmpty: Bool {
        projections.isEmpty && times.isEmpty && texts.isEmpty && noises.isEmpty && cells == nil
    }

    /// The columns that must be looked at.
    var columns: [String] {
        projections.flatMap(\.required) + times.map(\.column) + texts
            + noises.flatMap(\.columns) + (cells?.required ?? [])
    }

    /// What the manifest says of its own rows.
    init(_ manifest: DatasetManifest) {
        let keys = manifest.keys
        if !keys.primary.isEmpty { add(.primaryKey, keys.primary, manifest) }
        var done: Set<[String]> = []
        for column in manifest.columns where column.unique && done.insert([column.name]).inserted {
            add(.unique, [column.name], manifest)
        }
        for (number, columns) in keys.unique.map(\.columns).enumerated()
        where !columns.isEmpty && done.insert(columns).inserted {
            add(.unique, columns, manifest, number: number)
        }
        if let conflicts = manifest.labelledRows { keep(conflicts) }
        cells = manifest.cellPlan
        for check in manifest.checks.named {
            switch check.name {
            case .nearDuplicates: for column in check.columns { add(texts: column) }
            case .freshness:
                for column in check.columns { add(time: Time(column: column, limit: nil)) }
            case .rowSetDigest: keep(.row(RowColumns()))
            case .labelNoise:
                if let noise = manifest.noisePlan(check), !noises.contains(noise) {
                    noises.append(noise)
                }
            case .distinctCount: for column in check.columns { count(column, manifest) }
            default: break
            }
        }
    }

    /// Nothing.
    init() {}

    /// Whether something is made of whole records, by their hashes.
    var wantsHashes: Bool {
        projections.contains { if case .key = $0 { false } else { true } }
    }

    /// Whether numbers are taken by their value.
    var wantsNumbers: Bool { !noises.isEmpty || cells != nil }

    /// The number of a projection whose hashes are kept.
    mutating func keep(_ projection: KeyProjection) {
        isKept[add(projection)] = true
    }

    mutating func add(time: Time) {
        if !times.contains(time) { times.append(time) }
    }

    mutating func add(texts column: String) {
        if !texts.contains(column) { texts.append(column) }
    }

    func number(of projection: KeyProjection) -> Int? {
        projections.firstIndex(of: projection)
    }

    /// Whether of a projection's rows nobody asks more than how many of them are different.
    func isOnlyCounted(_ projection: Int) -> Bool {
        let all = counted.filter { $0.projection == projection }
        return !isKept[projection] && !all.isEmpty && all.allSatisfy { $0.rule == nil }
    }

    /// Counts the different values of a column, unless that is done already.
    private mutating func count(_ column: String, _ manifest: DatasetManifest) {
        guard !counted.contains(where: { $0.columns == [column] }) else { return }
        add(nil, [column], manifest)
    }

    private mutating func add(
        _ rule: Rule?, _ columns: [String], _ manifest: DatasetManifest, number: Int? = nil
    ) {
        let projection = add(manifest.key(columns))
        counted.append(
            Counted(rule: rule, number: number, columns: columns, projection: projection))
    }

    private mutating func add(_ projection: KeyProjection) -> Int {
        if let known = number(of: projection) { return known }
        projections.append(projection)
        isKept.append(false)
        return projections.count - 1
    }
}

extension DatasetManifest {
    /// The rows by their features, with their labels; nil: nobody asks for conflicts.
    var labelledRows: KeyProjection? {
        guard let label, checks.named.contains(where: { $0.name == .conflictingLabels }) else {
            return nil
        }
        let features = RowColumns(only: nil, except: identifying.union([label]))
        return .labelled(features, label: label)
    }
}
