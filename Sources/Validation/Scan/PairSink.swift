/// Two sinks beside each other; both hear everything.
struct PairSink<First: TableSink, Second: TableSink>: TableSink {
    var first: First
    var second: Second

    init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    var wantsHashes: Bool { first.wantsHashes || second.wantsHashes }
    var wantsNumbers: Bool { first.wantsNumbers || second.wantsNumbers }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        first.begin(file: file, path: path, plan: plan)
        second.begin(file: file, path: path, plan: plan)
    }

    func part() -> PairSink { PairSink(first.part(), second.part()) }

    mutating func take(_ batch: RowBatch) {
        first.take(batch)
        second.take(batch)
    }

    mutating func merge(_ next: PairSink, linesBefore: Int) {
        first.merge(next.first, linesBefore: linesBefore)
        second.merge(next.second, linesBefore: linesBefore)
    }
}

/// A sink that may not be wanted.
extension Optional: TableSink where Wrapped: TableSink {
    var wantsHashes: Bool { self?.wantsHashes ?? false }
    var wantsNumbers: Bool { self?.wantsNumbers ?? false }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        self?.begin(file: file, path: path, plan: plan)
    }

    func part() -> Wrapped? { self?.part() }

    mutating func take(_ batch: RowBatch) { self?.take(batch) }

    mutating func merge(_ next: Wrapped?, linesBefore: Int) {
        guard let next else { return }
        self?.merge(next, linesBefore: linesBefore)
    }
}
