/// Two sinks beside each other; both hear everything.
///
/// What a sink is a parameter of requires nothing of it, here and where findings are kept: with
/// every type that is nested so the runtime would look each requirement up among all that the
/// program conforms to, and of a small file that took a twentieth of the time.
struct PairSink<First: Sendable, Second: Sendable>: Sendable {
    var first: First
    var second: Second

    init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }
}

extension PairSink: TableSink where First: TableSink, Second: TableSink {
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

    mutating func merge(_ next: PairSink, linesBefore: Int) async {
        await first.merge(next.first, linesBefore: linesBefore)
        await second.merge(next.second, linesBefore: linesBefore)
    }

    var readsFilesApart: Bool { first.readsFilesApart && second.readsFilesApart }

    mutating func beginFile(_ file: Int, _ context: FileContext) -> PairSink {
        PairSink(first.beginFile(file, context), second.beginFile(file, context))
    }

    mutating func endFile(_ file: PairSink) {
        first.endFile(file.first)
        second.endFile(file.second)
    }

    var question: String? {
        guard let one = first.question, let other = second.question else { return nil }
        return "\(one)\n\(other)"
    }

    func extend(_ context: inout FileContext) {
        first.extend(&context)
        second.extend(&context)
    }

    func keep(in writer: inout PartWriter) {
        first.keep(in: &writer)
        second.keep(in: &writer)
    }

    mutating func restore(from reader: inout PartReader) throws(PartDamage) {
        try first.restore(from: &reader)
        try second.restore(from: &reader)
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

    mutating func merge(_ next: Wrapped?, linesBefore: Int) async {
        guard let next else { return }
        await self?.merge(next, linesBefore: linesBefore)
    }

    var readsFilesApart: Bool { self?.readsFilesApart ?? true }

    mutating func beginFile(_ file: Int, _ context: FileContext) -> Wrapped? {
        self?.beginFile(file, context)
    }

    mutating func endFile(_ file: Wrapped?) {
        guard let file else { return }
        self?.endFile(file)
    }

    var question: String? { self.map(\.question) ?? "-" }

    func extend(_ context: inout FileContext) { self?.extend(&context) }

    func keep(in writer: inout PartWriter) { self?.keep(in: &writer) }

    mutating func restore(from reader: inout PartReader) throws(PartDamage) {
        try self?.restore(from: &reader)
    }
}
