import Domain
import Host

/// Reads the files of a dataset and puts them together in their order.
///
/// Files of which each can have a sink of its own are read several at the same time while they are
/// small; a large one is read alone, its parts at the same time. What a file depends on of those
/// before it is what it was begun with; where that turns out to be otherwise it is read again. So
/// the result is that of reading one after the other.
struct FilesPass<Sink: Sendable> {
    private(set) var check: DatasetCheck
    private var sink: FileSinks<Sink>
    private var pass: FilePass<FileSinks<Sink>>
    private let workersMax: Int
    /// What of the statistics of a file could be used behind each of the last files that are
    /// settled, so many as can be read at the same time; the earliest first.
    private var needs: [FileNeeds] = []
    /// How many files are.
    private var settled = 0
    /// Those that are kept, in their order; nil: not all of them are.
    private var kept: [KeptFile]? = []
    /// How many of the first ones were known together.
    private var knownTogether = 0
    /// More is known of those than is kept.
    private var isBetterKnown = false
    private var isOfSeveralFiles = false

    /// What a file takes that is begun and not settled.
    private struct Share {
        var workers: Int
        var bytes: Int
    }
}

extension FilesPass where Sink: TableSink {
    /// Files that are read at the same time have together so many bytes at most, because what is
    /// counted of them takes several times as much. So those of more than the half are read alone.
    private static var besideBytesMax: Int { 8 << 20 }

    init(
        _ check: DatasetCheck, sink: FileSinks<Sink>, options: ValidationOptions,
        folder: RootFolder
    ) {
        self.check = check
        self.sink = sink
        workersMax = max(1, options.workersMax)
        pass = FilePass(folder: folder, options: options)
    }

    /// Reads the files, and gives each as it was found; nil: it could not be opened.
    mutating func read(
        _ files: [FileWork], _ found: (Member, FoundFile?, Int) -> Void
    ) async throws(ValidationError) {
        isOfSeveralFiles = files.count > 1
        // Because the only file of a dataset is read again only when it is another.
        pass.keeper = files.count > 1 ? PartKeeper(check, sink, pass.options) : nil
        try recall(files, found)
        try await withTaskGroup(of: DoneFile<Sink>.self) { group in
            let result = await read(files, found, &group)
            group.cancelAll()
            return result
        }.get()
    }

    private mutating func read(
        _ files: [FileWork], _ found: (Member, FoundFile?, Int) -> Void,
        _ group: inout TaskGroup<DoneFile<Sink>>
    ) async -> Result<Void, ValidationError> {
        var early: [Int: DoneFile<Sink>] = [:]
        var shares: [Int: Share] = [:]
        var begun = settled
        while settled < files.count {
            while begun < files.count, let share = share(of: files[begun], begun, beside: shares) {
                guard !Task.isCancelled else { return .failure(.cancelled) }
                shares[begun] = share
                begin(files[begun], begun, share.workers, &group)
                begun += 1
            }
            guard let done = await group.next() else { break }
            early[done.number] = done
            while let done = early.removeValue(forKey: settled) {
                do throws(ValidationError) {
                    let work = files[settled]
                    let file = try await settle(done, work)
                    found(work.member, file, check.fileRows)
                } catch {
                    return .failure(error)
                }
                shares[settled] = nil
                noteNeeds()
            }
        }
        return .success(())
    }

    /// Takes back what the first files came to together.
    private mutating func recall(
        _ files: [FileWork], _ found: (Member, FoundFile?, Int) -> Void
    ) throws(ValidationError) {
        let progress = pass.options.progress
        guard let keeper = pass.keeper,
            let whole = try keeper.recallWhole(files, check, sink, in: pass.folder, progress)
        else { return }
        (check, sink, kept) = (whole.check, whole.sink, whole.files)
        knownTogether = whole.files.count
        settled = knownTogether
        (needs, isBetterKnown) = (whole.needs, whole.isBetterKnown)
        for (file, work) in zip(whole.files, files) {
            progress?.know(file.found, check.manifest, rows: file.records)
            found(work.member, file.found, file.records)
        }
    }

    /// Keeps what all files came to, unless it is kept already.
    ///
    /// - Parameter tally: nil: no keys were wanted.
    func keepWhole(_ sink: Sink, _ tally: KeyTally?, _ rules: RuleSink?) {
        // Because cells are counted of all files, they are taken back from each of them.
        guard tally?.plan.cells == nil, let keeper = pass.keeper, let kept,
            kept.count > knownTogether || isBetterKnown
        else { return }
        keeper.keepWhole(kept, needs, check, sink, tally, rules)
    }

    /// Forgets what all files came to, because the rows of one are lost.
    func forgetWhole() { pass.keeper?.forgetWhole() }

    /// Gives what heard of the records away, because what has two owners would be copied as soon as
    /// it grows.
    mutating func takeSink() -> FileSinks<Sink> {
        defer { sink = sink.part() }
        return sink
    }

    /// What a file takes if it can be begun now; nil: it must wait.
    private func share(
        of file: FileWork, _ number: Int, beside shares: [Int: Share]
    ) -> Share? {
        let bytes = contentBytes(file)
        let isSmall = bytes <= Self.besideBytesMax / 2
        guard !shares.isEmpty else {
            // Because the first file tells what the others are read with.
            let isOne = sink.readsFilesApart && number > 0 && isSmall
            return Share(workers: isOne ? 1 : workersMax, bytes: bytes)
        }
        let busy = shares.values.reduce(0) { $0 + $1.workers }
        let all = shares.values.reduce(bytes) { $0 + $1.bytes }
        // One more, so that none waits while a file is put to those before it.
        guard sink.readsFilesApart, shares[0] == nil, shares.count < filesAtOnceMax,
            busy <= workersMax, isSmall, all <= Self.besideBytesMax
        else { return nil }
        return Share(workers: 1, bytes: bytes)
    }

    /// About how much a file has to be counted.
    private func contentBytes(_ file: FileWork) -> Int {
        // Because one that is not there is not read.
        let stored = pass.folder.sizeBytes(file.member.path) ?? 0
        let isPacked =
            check.manifest.format.isTyped || Compression(path: file.member.path) != nil
        return isPacked ? stored * 4 : stored
    }

    private mutating func begin(
        _ work: FileWork, _ number: Int, _ share: Int, _ group: inout TaskGroup<DoneFile<Sink>>
    ) {
        let context = context(of: number)
        let (file, part) = fileOf(work, number, context)
        group.addTask { [pass] in
            do throws(ValidationError) {
                let reading = try await pass.read(work, file, part, context, workers: share)
                return DoneFile(number: number, context: context, reading: .success(reading))
            } catch {
                return DoneFile(number: number, context: context, reading: .failure(error))
            }
        }
    }

    private mutating func fileOf(
        _ work: FileWork, _ number: Int, _ context: FileContext
    ) -> (DatasetCheck, FileSinks<Sink>) {
        let file = check.ofFile(work.member.path, number: number, context.columns)
        return (file, sink.beginFile(number, context))
    }

    /// What a file is read with, of those that can be begun.
    private func context(of number: Int) -> FileContext {
        var context = FileContext(columns: check.contextColumns)
        sink.extend(&context)
        context.isOfSeveralFiles = isOfSeveralFiles
        // As it was behind a file that is settled however many are read at the same time.
        let behind = number - filesAtOnceMax
        context.needs = behind < 0 ? FileNeeds() : needs[behind - (settled - needs.count)]
        return context
    }

    /// Notes what of the statistics of further files can be used from now on.
    private mutating func noteNeeds() {
        var context = FileContext()
        sink.extend(&context)
        needs.append(context.needs)
        if needs.count > filesAtOnceMax { needs.removeFirst() }
        settled += 1
    }

    /// Adds what was read of the file that follows; nil: it could not be opened.
    private mutating func settle(
        _ done: DoneFile<Sink>, _ work: FileWork
    ) async throws(ValidationError) -> FoundFile? {
        var reading = try done.reading.get()
        let context = context(of: done.number)
        if done.context != context {
            let (file, part) = fileOf(work, done.number, context)
            reading = try await pass.read(work, file, part, context, workers: workersMax)
        }
        check.begin(work.member.path)
        sink.endFile(reading.sink)
        if let file = reading.kept { kept?.append(file) } else { kept = nil }
        guard let found = reading.found else {
            if let fault = reading.fault { check.isMissing(work.member.path, work.place, fault) }
            return nil
        }
        check.add(reading.check)
        check.report(found.faults)
        check.end(bytes: found.bytes, at: work.place)
        return found
    }
}

/// What hears of the records of a dataset's files beside its check.
typealias FileSinks<Sink: Sendable> = PairSink<Sink, PairSink<KeySink?, RuleSink?>>

/// A file that was read beside others.
private struct DoneFile<Sink: Sendable>: Sendable {
    var number: Int
    var context: FileContext
    var reading: Result<FileFindings<FileSinks<Sink>>, ValidationError>
}

/// One file that is to be read, as the manifest has it.
struct FileWork: Sendable {
    var member: Member
    var pin: DVCPin?
    /// Where it is declared.
    var place: Place
}

/// So many files are read at the same time at most; what is read does not depend on how many.
let filesAtOnceMax = 4
