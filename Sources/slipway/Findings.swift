import Domain
import Evaluation
import FoundationEssentials
import Host
import Planning
import Validation

/// What a check found; its JSON is what `--json` prints.
struct Findings: Encodable, Sendable {
    /// All of them; those of the data behind those of the declarations.
    var diagnostics: [Diagnostic]
    var models: Int
    var datasets: Int
    /// Rows of the data.
    var rows = 0
    /// Files that were read, and those of which it was known what they hold.
    private(set) var filesRead = 0
    private(set) var filesKnown = 0
    /// Files of datasets that are kept elsewhere and are not in the folder.
    var notRead: [KeptElsewhere] = []
    /// What was found in each dataset that was read.
    var data: [ValidationReport] = []
    /// Diagnostics that are in the table.
    private(set) var inTable: Set<Diagnostic> = []
    private(set) var table = DataTable()
    /// What is said and is neither an error nor a warning.
    private(set) var notes: [String] = []

    private enum CodingKeys: CodingKey {
        case diagnostics, models, datasets, rows, notRead, data
    }

    /// A file, or a folder of DVC, and where its bytes are.
    struct KeptElsewhere: Hashable, Codable, Sendable {
        var path: String
        var url: String
    }

    /// What datasets may be compared with, and what was read of them.
    private let all: [DatasetName: DatasetManifest]
    private let shelf = KeyShelf()
    private let prepared = PreparedData()
    private let compared = ComparedProfiles()
    /// The time of the last commit, which says how old the data is; nil: there is none.
    var moment: Instant?
    private var judgedBy: [DatasetName: DatasetManifest] = [:]

    /// The same would be found in every dataset again as long as nothing changes.
    private(set) var isSettled = true

    /// What was found before; nil: everything is read.
    private var memory: CheckMemory?
    /// What files were found to be before; nil: nothing is kept.
    private let parts: PartStore?
    /// Somebody wants the reports of datasets of which nothing is to be said.
    private let keepsReports: Bool

    init(
        _ plan: RepositoryPlan, memory: CheckMemory? = nil, parts: PartStore? = nil,
        keepsReports: Bool = true
    ) {
        self.memory = memory
        self.parts = parts
        self.keepsReports = keepsReports
        all = plan.datasets
        let rules = plan.models.values.sorted { $0.declaration.name < $1.declaration.name }
            .flatMap { planned in
                Evaluation.diagnostics(
                    for: planned.declaration.promotion, evaluation: planned.declaration.evaluation)
            }
        diagnostics = plan.allDiagnostics + rules + (ZoneDatabase()?.problems(of: plan) ?? [])
        models = plan.modelNames.count
        datasets = plan.datasets.count
    }

    /// Validates what is there of datasets and not remembered, and adds what is wrong with them, in
    /// the order of names.
    mutating func check(_ manifests: [DatasetManifest], root: String) async throws {
        let line = ReadingLine(manifests.map(\.rawManifest), root: root)
        let found = try await line.around { [self] in
            var found: [DatasetName: Checked] = [:]
            for manifest in readingOrder(manifests) {
                try Task.checkCancellation()
                found[manifest.name] = try await checked(manifest, root: root, line.progress)
            }
            return found
        }
        try Task.checkCancellation()
        for (_, checked) in found.sorted(by: { $0.key < $1.key }) {
            add(checked)
            try remember(checked)
            isSettled = isSettled && checked.isSettled
        }
        filesRead += line.progress.filesRead
        filesKnown += line.progress.filesKnown
        // Because of those that are checked themselves their own report says it.
        let others = found.values.flatMap { $0.unprepared.filter { found[$0.key] == nil } }
        for (_, problems) in others.sorted(by: { $0.key < $1.key }) {
            diagnostics += problems.filter { !diagnostics.contains($0) }
        }
        memory?.save()
        parts?.tidy()
    }

    /// The files that what was found follows from, beside those that declare.
    var dataPaths: Set<String> {
        Set(all.values.flatMap(\.rawFiles).flatMap { [$0.path, $0.digestPlace.file] })
    }

    /// What is said of it.
    var answer: CheckAnswer {
        func lines(_ parts: [String]) -> String {
            parts.filter { !$0.isEmpty }.joined(separator: "\n")
        }
        return CheckAnswer(
            output: lines(outsideTable.map(line) + [table.text]),
            talk: lines(notReadLines + notes + [summary]), isWrong: errors > 0)
    }

    /// The same without what had to be read for it.
    var lastingAnswer: CheckAnswer {
        var findings = self
        findings.filesKnown = 0
        return findings.answer
    }

    /// What was found in one dataset.
    private struct Checked: Sendable {
        /// As far as it is there.
        var manifest: DatasetManifest
        var notRead: [KeptElsewhere] = []
        var notes: [String] = []
        /// What keeps datasets that it is compared with from being prepared.
        var unprepared: [DatasetName: [Diagnostic]] = [:]
        /// nil: nothing of it was read.
        var result: Result<ValidationReport, ValidationError>?
        /// Nothing is to be said of it, and nobody wants its report: its rows.
        var cleanRows: Int?
        /// What names it in the memory; nil: it cannot be remembered.
        var key: String?

        /// The same would be found again as long as its key and the files' places are the same.
        var isSettled: Bool {
            if case .failure = result { return false }
            return key != nil && unprepared.isEmpty
        }

        /// Says with what the dataset is not compared.
        mutating func limit(to there: DatasetManifest, without absent: Set<DatasetName>) {
            manifest = there.apart(from: absent)
            notes = there.notes(notComparedWith: absent)
        }
    }

    /// Validates what is there of one dataset.
    ///
    /// What is kept elsewhere and is not in the folder is counted, not read; then nothing can be
    /// said of the dataset as a whole. There is no version to compare with: the daemon knows it.
    private func checked(
        _ manifest: DatasetManifest, root: String, _ progress: ReadingProgress
    ) async throws -> Checked {
        // Because how old data is depends on the commit, and no memory is kept of it.
        let key = manifest.asksForFreshness ? nil : memory?.key(of: manifest)
        var checked = Checked(manifest: manifest, key: key)
        var there = manifest
        there.files.removeAll { $0.url != nil && !exists("\(root)/\($0.path)") }
        if there.files.count < manifest.files.count {
            let kept = manifest.files.filter { !there.files.contains($0) }
            checked.notRead = kept.map { KeptElsewhere(path: $0.path, url: $0.url ?? "") }
            there = there.ofPart
        }
        // Because of what is not pinned yet the plan says so, and a push of it must be possible.
        guard !there.files.isEmpty else { return checked }
        var absent = there.comparedDatasets.filter { all[$0]?.isThere(in: root) == false }
        checked.limit(to: there, without: absent)
        if recall(&checked) { return checked }
        switch try await prepare(manifest, root, &checked) {
        case .done: break
        case .absent: return checked
        case .impossible(let problems):
            checked.result = .success(
                ValidationReport(unprepared: manifest, because: problems))
            checked.key = nil
            return checked
        }
        for other in there.comparedDatasets.subtracting(absent).sorted().compactMap({ all[$0] }) {
            switch try await prepare(other, root, &checked) {
            case .done: continue
            case .absent: break
            case .impossible(let problems): checked.unprepared[other.name] = problems
            }
            absent.insert(other.name)
        }
        checked.limit(to: there, without: absent)
        there = checked.manifest
        do throws(ValidationError) {
            var report = try await judged(there, root, progress)
            report.lineage = prepared.lineage(of: manifest)
            checked.result = .success(report)
        } catch {
            checked.result = .failure(error)
        }
        return checked
    }

    /// Takes what is remembered of a dataset; false: nothing is.
    private func recall(_ checked: inout Checked) -> Bool {
        guard let known = checked.key.flatMap({ memory?[$0] }) else { return false }
        if known.isClean, !keepsReports {
            checked.cleanRows = known.rows
        } else if let report = known.report {
            checked.result = .success(report)
        } else {
            return false
        }
        return true
    }

    private mutating func add(_ checked: Checked) {
        notRead += checked.notRead.filter { !notRead.contains($0) }
        notes += checked.notes
        let manifest = checked.manifest
        switch checked.result {
        case nil: rows += checked.cleanRows ?? 0
        case .success(let report):
            let found = report.diagnostics(in: manifest)
            diagnostics += found
            inTable.formUnion(found)
            table.add(report, of: manifest)
            note(report)
            data.append(report)
            judgedBy[manifest.name] = manifest
            rows += report.rows
        case .failure(let error):
            let failure = error.failure
            let about = failure.place.map { $0.hasPrefix(manifest.path) ? "" : "\($0): " } ?? ""
            diagnostics.append(
                Diagnostic(
                    at: Place(file: manifest.path), about + failure.what, hint: failure.hint))
        }
    }

    /// How far the making of a prepared dataset's rows came.
    private enum Preparing: Sendable {
        case done
        /// What it is made of is kept elsewhere.
        case absent
        case impossible([Diagnostic])
    }

    /// Makes the rows of a prepared dataset. Of others nothing has to be made.
    private func prepare(
        _ manifest: DatasetManifest, _ root: String, _ checked: inout Checked
    ) async throws -> Preparing {
        guard let place = manifest.preparation?.place else { return .done }
        let kept = manifest.rawFiles.filter { $0.url != nil && !exists("\(root)/\($0.path)") }
        checked.notRead += kept.map { KeptElsewhere(path: $0.path, url: $0.url ?? "") }
        // Because of what is not pinned yet the plan says so, and a push of it must be possible.
        guard kept.isEmpty, !manifest.rawFiles.isEmpty else { return .absent }
        for made in manifest.preparedChain {
            do {
                _ = try await prepared.lay(made, root: root)
            } catch let error as PreparationError {
                guard made.name == manifest.name else {
                    return .impossible([
                        Diagnostic(
                            at: place, "`\(made.name)`, which it is made of, cannot be prepared",
                            hint: "see \(made.path)")
                    ])
                }
                let failure = error.failure
                let whole = Diagnostic(
                    at: Place(file: manifest.path), failure.what, hint: failure.hint)
                return .impossible(failure.details.isEmpty ? [whole] : failure.details)
            }
        }
        return .done
    }

    private mutating func remember(_ checked: Checked) throws {
        guard let key = checked.key else { return }
        if let known = memory?[key] {
            memory?.keep(known, key)
        } else if case .success(let report) = checked.result, checked.unprepared.isEmpty {
            try memory?.remember(report, key)
        }
    }

    /// A profile is made only where a check needs it.
    private func judged(
        _ manifest: DatasetManifest, _ root: String, _ progress: ReadingProgress
    ) async throws(ValidationError) -> ValidationReport {
        let named = manifest.checks.named
        let folder = environmentVariable("TMPDIR") ?? "/tmp"
        var options = ValidationOptions(spillFolder: folder, datasets: all, shelf: shelf)
        options.preparedRoot = prepared.folder
        options.progress = progress
        options.parts = parts
        guard !named.isEmpty else {
            return try await Validation.validate(manifest, root: root, options: options)
        }
        let examined = try await Validation.examine(
            manifest, root: root,
            options: manifest.profileOptions(
                countsDuplicates: named.contains { $0.name == .duplicateRows },
                validation: options))
        let bare = options
        let others = try await compared.others(of: manifest, among: all) {
            other throws(ValidationError) in
            try await Validation.examine(
                other, root: root,
                options: other.profileOptions(countsDuplicates: false, validation: bare))
        }
        return examined.judged(
            by: manifest,
            against: .none("no baseline here: the daemon compares with what is live"),
            beside: others, at: moment)
    }

    /// Says what was not compared, or left out: each reason once, behind the checks that have it.
    private mutating func note(_ report: ValidationReport) {
        var reasons: [(sentence: String, checks: [String])] = []
        for outcome in report.outcomes where outcome.isNoted {
            guard let index = reasons.firstIndex(where: { $0.sentence == outcome.sentence }) else {
                reasons.append((outcome.sentence, [outcome.check]))
                continue
            }
            guard !reasons[index].checks.contains(outcome.check) else { continue }
            reasons[index].checks.append(outcome.check)
        }
        for (sentence, checks) in reasons {
            notes.append(
                "note: dataset \(report.dataset), \(checks.joined(separator: ", ")): \(sentence)")
        }
    }

    /// The manifest of a dataset as far as it was held against the data: `number` of an outcome
    /// counts its checks.
    func manifest(of dataset: DatasetName) -> DatasetManifest? { judgedBy[dataset] }

    /// Adds each data file that is declared and not there, without reading any; what is kept
    /// elsewhere need not be there.
    mutating func requireFiles(_ plan: RepositoryPlan, _ isThere: (String) -> Bool) {
        for (_, manifest) in plan.datasets.sorted(by: { $0.key < $1.key }) {
            // Of many files it is only known which are there when they are read.
            for file in manifest.namedFiles
            where file.url == nil && file.pin == nil && file.folder == nil && !isThere(file.path) {
                diagnostics.append(
                    Diagnostic(
                        at: file.digestPlace, "`\(file.path)` is not there",
                        hint: "add the file, or take it out of `files`"))
            }
        }
    }
}

/// One line of JSON with sorted keys, as the API writes it.
func compactJSON(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
}
