import ArgumentParser
import Domain
import Host
import Planning
import Validation

struct DatasetUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Move manifests to the new content of their files, and show the difference.",
        discussion: """
            Writes the digests and numbers of rows of the files in the working folder into \
            datasets/NAME.yaml, brings the remarks that `init` wrote up to date and leaves \
            everything else as it is. The difference is that from the last commit: rows, columns \
            that are new, gone, of another type or in another order, and what drifted; where it \
            does not hold the data, columns are compared with those declared. What DVC keeps is \
            moved by `dvc add`.

            Where the content, new or not, breaks what a manifest declares of columns, keys or \
            rows, the manifest is moved all the same, and the command ends with 1. Named checks \
            are left to `slipway check`. A manifest with errors, or of which a file is gone, is \
            not moved, which ends the command with 1 too; what has a `url` may be elsewhere.

            Example:
              slipway dataset update sales
              slipway dataset update --dry-run
            """)

    @Argument(help: "Datasets; by default all whose files changed.")
    var names: [String] = []

    @Flag(help: "Change nothing.")
    var dryRun = false

    @OptionGroup var format: JSONOption

    func run() async throws {
        let tree = try await WorkingTree(at: ".")
        let plan = try await Planner().plan(files: try tree.files()) { try tree.read($0) }
        let wanted = try chosen(plan)
        let errors = names.isEmpty ? plan.datasetErrors : []
        await Console.say(errors.map(line).joined(separator: "\n"))
        var found: [DatasetComparison] = []
        var movedCount = 0
        var isHeld = !errors.isEmpty
        var broken: [DatasetName] = []
        // As they are once they are moved, so that others are held against what is there.
        var datasets = plan.datasets
        for manifest in readingOrder(wanted) {
            guard let moved = try await move(manifest, tree, among: datasets) else { continue }
            if manifest.preparation == nil { datasets[manifest.name]?.files = moved.files }
            found.append(moved.told(manifest.name))
            if moved.comparison != nil { movedCount += 1 }
            isHeld = isHeld || moved.isHeld
            if moved.problems.contains(where: { $0.severity == .error }) {
                broken.append(manifest.name)
            }
            if !dryRun, let text = moved.text {
                try writeFileAtomically("\(tree.root)/\(manifest.path)", Array(text.utf8))
            }
            if !format.json { await Console.put(moved.comparison?.text ?? "") }
            await Console.say((moved.notes + moved.problems.map(line)).joined(separator: "\n"))
        }
        if format.json { await Console.put(bytes: try compactJSON(found)) }
        let what = dryRun ? "would move" : "moved"
        await Console.say(
            movedCount == 0 && !isHeld
                ? "nothing to do: the manifests have the digests of the files"
                : "\(what) \(count(movedCount, "manifest"))")
        guard broken.isEmpty else { throw stop(broken) }
        guard errors.isEmpty else {
            throw Stop(
                .wrong, "the manifests have \(count(errors.count, "error"))",
                hint: "mend them, and try again; a dataset with errors is not moved")
        }
    }

    /// What ends the command where the new content is not what the manifests say.
    private func stop(_ broken: [DatasetName]) -> Stop {
        let names = broken.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
        return Stop(
            .wrong,
            "the content of \(names)\(broken.count > 5 ? " …" : "") is not what "
                + (broken.count == 1 ? "its manifest says" : "their manifests say"),
            hint: "mend the data or what the manifest says of it; slipway check names each place")
    }

    private func chosen(_ plan: RepositoryPlan) throws -> [DatasetManifest] {
        guard !names.isEmpty else {
            return plan.datasets.values.sorted { $0.name < $1.name }
        }
        return try names.map { try plan.dataset(named: $0) }
    }

    private struct Moved {
        /// Its new text; nil: it says already what is there.
        var text: String?
        /// What the manifest says of its files then.
        var files: [DatasetFile]
        /// nil: nothing changed.
        var comparison: DatasetComparison?
        /// What its keys were not held against.
        var notes: [String]
        /// What the content breaks.
        var problems: [Diagnostic]
        /// Nothing of it is moved, because not all of its files can be opened.
        var isHeld: Bool

        /// What `--json` prints of it.
        func told(_ name: DatasetName) -> DatasetComparison {
            let note =
                isHeld
                ? "not moved: not all of its files are there" : "the manifest says what is there"
            var told = comparison ?? DatasetComparison(name, note: note)
            (told.notes, told.problems) = (notes, problems)
            return told
        }
    }

    /// nil: the manifest says what is there already, and all of that is so.
    private func move(
        _ manifest: DatasetManifest, _ tree: WorkingTree,
        among datasets: [DatasetName: DatasetManifest]
    ) async throws -> Moved? {
        let own = manifest.namedFiles.filter {
            $0.pin == nil && $0.digestPlace.file == manifest.path
                && ($0.url == nil || exists("\(tree.root)/\($0.path)"))
        }
        guard !own.isEmpty else { return nil }
        var there = manifest.ofOwnFiles
        // Because they say what the steps come to.
        if manifest.preparation != nil { there.columns = [] }
        there.files = own
        if own.count < manifest.namedFiles.count { there = there.ofPart }
        let content = try await PreparedData().content(
            of: there, root: tree.root, among: datasets,
            seeksPrivate: manifest.preparation == nil)
        let profile = content.guardedProfile
        // Because of less than everything nothing can be said of all rows.
        let isHeld = content.report.lacksFiles
        let pairs = isHeld ? [] : content.report.pairs(of: own)
        let edits = pairs.flatMap(edits)
        let problems = content.report.violations
            .filter { $0.rule != .digest && $0.rule != .rows }.flatMap(\.diagnostics)
        var moved = Moved(
            files: files(of: manifest, with: pairs),
            notes: there.notes(notComparedWith: Set(content.notCompared)), problems: problems,
            isHeld: isHeld)
        let unmoved = problems.isEmpty ? nil : moved
        // Because a classification may be younger than the remark.
        let hidden = profile?.columns.filter(\.isPrivate) ?? []
        let mayBeOpen = manifest.preparation == nil && !hidden.isEmpty
        guard !isHeld, !edits.isEmpty || mayBeOpen else { return unmoved }
        let bytes = try readFile("\(tree.root)/\(manifest.path)", limitBytes: 1 << 20)
        let old = String(decoding: bytes, as: UTF8.self)
        if edits.isEmpty, !hasOpenRemark(old, profile, content.report) { return unmoved }
        guard let text = edited(old, edits) else {
            throw Stop(
                .wrong, "the digests in the manifest are not written as plain text",
                at: manifest.path, hint: "write each `sha256:` on one line, without anchors")
        }
        moved.text =
            manifest.preparation == nil
            ? withRemarks(text, of: profile, content.report) : text
        moved.comparison = try await comparison(there, content, tree.root)
        return moved
    }

    /// The files of a manifest with the digests of those that were found.
    private func files(
        of manifest: DatasetManifest, with found: [(DatasetFile, CheckedFile)]
    ) -> [DatasetFile] {
        var files = manifest.files
        for (file, checked) in found {
            guard let index = files.firstIndex(of: file), let digest = checked.sha256 else {
                continue
            }
            files[index].sha256 = digest
            if file.rows != nil { files[index].rows = checked.rows }
        }
        return files
    }

    /// Whether a remark tells more of a private column than it may.
    private func hasOpenRemark(
        _ text: String, _ profile: DatasetProfile?, _ report: ValidationReport
    ) -> Bool {
        guard var profile else { return false }
        profile.columns.removeAll { !$0.isPrivate }
        return withRemarks(text, of: profile, report) != text
    }

    private func edits(_ file: DatasetFile, _ found: CheckedFile) -> [ScalarEdit] {
        // Because of what could not be read the number of rows is not known either.
        guard let digest = found.sha256 else { return [] }
        var edits: [ScalarEdit] = []
        if digest != file.sha256 {
            edits.append(ScalarEdit(at: file.digestPlace, from: file.sha256.hex, to: digest.hex))
        }
        if let rows = file.rows, let place = file.rowsPlace, rows != found.rows {
            edits.append(ScalarEdit(at: place, from: String(rows), to: String(found.rows)))
        }
        return edits
    }

    /// With what the last commit holds, where it does; and of the columns, where it does not, with
    /// what the manifest declares.
    private func comparison(
        _ manifest: DatasetManifest, _ content: DatasetContent, _ root: String
    ) async throws -> DatasetComparison {
        let columns = KnownColumns(of: content, under: manifest)
        guard let (data, head, before, earlier) = try await committed(manifest.name) else {
            var alone = DatasetComparison(
                manifest.name, note: "the last commit does not hold it")
            alone.rowsNow = content.report.rows
            if let columns {
                try await alone.compareColumns(
                    from: KnownColumns(declaredBy: manifest, beside: columns), to: columns,
                    of: manifest, root: root)
            }
            return alone
        }
        var found = try await DatasetComparison(manifest.name, from: earlier, to: content) {
            guard let one = try await data.content(of: before, at: head, comparing: $0) else {
                return nil
            }
            let other = try await PreparedData().content(of: manifest, root: root, comparing: $0)
            return (one, other)
        }
        // Because steps of preparation make other columns of those that the files have.
        if before.preparation == nil, let old = KnownColumns(of: earlier, under: before),
            let columns
        {
            try await found.compareColumns(from: old, to: columns, of: manifest, root: root)
        }
        return found
    }

    /// What the last commit holds of a dataset; nil: nothing that can be read.
    private func committed(
        _ name: DatasetName
    ) async throws -> (CommittedData, CommitID, DatasetManifest, DatasetContent)? {
        guard let clone = try? await Clone.find(), let head = try? await clone.commit("HEAD") else {
            // Because a folder without git, or without a commit, can have manifests as well.
            return nil
        }
        let data = try CommittedData(clone)
        guard let before = try await data.manifests(at: head)[name],
            let earlier = try await data.content(of: before, at: head)
        else { return nil }
        return (data, head, before, earlier)
    }
}

extension ValidationReport {
    /// Whether a file that is declared, or the folder of a pattern, could not be opened.
    fileprivate var lacksFiles: Bool {
        violations.contains { [.missingFile, .outsideRoot, .notAFile].contains($0.rule) }
    }

    /// Entries of the manifest, each with what was found of it; without those of which nothing is
    /// told because an earlier one has their files.
    func pairs(of entries: [DatasetFile]) -> [(DatasetFile, CheckedFile)] {
        let found = Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
        return entries.compactMap { entry in found[entry.path].map { (entry, $0) } }
    }
}
