import Domain

/// What the first files of a dataset came to together, so that those which follow are added to it
/// without a look at each of them.
struct KeptWhole<Sink: Sendable>: Sendable {
    var check: DatasetCheck
    var sink: FileSinks<Sink>
    var files: [KeptFile]
    /// As `FilesPass.needs`.
    var needs: [FileNeeds]
    /// More is known of the files than is kept.
    var isBetterKnown: Bool
}

/// What is kept of a whole beside what its sinks took.
private struct WholeFacts: Codable {
    var files: [KeptFile]
    var needs: [FileNeeds]
    var rows: Int
    var check: CheckFacts
}

extension PartKeeper {
    private var wholeName: String { Self.digest("whole \(question)") }

    /// Takes back what the first files came to, if each of them is still the same; else nil.
    func recallWhole<Sink: TableSink>(
        _ work: [FileWork], _ check: DatasetCheck, _ sink: FileSinks<Sink>, in folder: RootFolder,
        _ progress: ReadingProgress?
    ) throws(ValidationError) -> KeptWhole<Sink>? {
        guard let (bytes, start) = store.bytes(wholeName),
            let (facts, rest) = Self.header(WholeFacts.self, bytes, start),
            facts.files.count <= work.count,
            zip(facts.files, work).allSatisfy({
                $0.path == $1.member.path && $0.pinForm == $1.pinForm
            })
        else { return nil }
        var whole = KeptWhole(
            check: check, sink: sink, files: facts.files, needs: facts.needs, isBetterKnown: false)
        for (index, file) in facts.files.enumerated() {
            guard let seal = try known(file, work[index], folder, progress) else { return nil }
            whole.isBetterKnown = whole.isBetterKnown || !seal.isEmpty && seal != file.seal
            whole.files[index].seal = seal
        }
        var reader = rest
        let rows = facts.files.enumerated().map { index, file in
            KnownRows(store: store, part: file.rows, file: index)
        }
        do throws(PartDamage) {
            try whole.check.restore(facts.check)
            try whole.sink.first.restore(from: &reader)
            try whole.sink.second.first?.restore(from: &reader, rows)
            try whole.sink.second.second?.restore(from: &reader)
        } catch {
            // Because what is damaged is made again.
            return nil
        }
        guard reader.isAtEnd, facts.needs.count == min(filesAtOnceMax, facts.files.count) else {
            return nil
        }
        whole.check.goOn(behind: facts.files.map(\.path), rows: facts.rows)
        store.touch(wholeName)
        for file in facts.files { store.touch(file.rows.name) }
        return whole
    }

    /// What the file is now; nil: it is another.
    private func known(
        _ file: KeptFile, _ work: FileWork, _ folder: RootFolder, _ progress: ReadingProgress?
    ) throws(ValidationError) -> String? {
        let path = work.member.path
        guard case .success(let descriptor) = folder.open(path) else { return nil }
        let reader = FileReader(descriptor: descriptor, progress: progress)
        guard let part = part(work, FileContext(), reader) else { return nil }
        return try known(file.found, file.seal, part, reader, path)
    }

    /// Keeps what all files came to.
    ///
    /// - Parameters:
    ///   - check: before anything was said of the dataset beside its files.
    ///   - tally: nil: no keys were wanted.
    func keepWhole(
        _ files: [KeptFile], _ needs: [FileNeeds], _ check: DatasetCheck,
        _ sink: some TableSink, _ tally: KeyTally?,
        _ rules: RuleSink?
    ) {
        var writer = PartWriter()
        writer.write(
            json: WholeFacts(
                files: files, needs: needs, rows: check.rows, check: check.facts))
        sink.keep(in: &writer)
        tally?.keep(in: &writer)
        rules?.keep(in: &writer)
        // Because without it each file is looked at, and nothing is lost.
        _ = store.keep(wholeName, writer.blocks)
    }

    /// Makes the next look be one at each file, because rows of one are not what they were.
    func forgetWhole() { store.forget(wholeName) }
}
