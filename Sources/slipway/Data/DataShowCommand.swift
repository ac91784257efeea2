import ArgumentParser
import Domain
import Host
import Planning
import Validation

struct DataShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a dataset holds, column by column; without a name, list them all.",
        discussion: """
            Reads the files of the working folder once. Counts are exact; where one is an estimate \
            its error stands beside it. Cells of columns with a `classification` are not shown. \
            The named checks of the manifest are carried out, but for those that compare versions, \
            which are those of `slipway check`.

            Example:
              slipway data show
              slipway data show digits-train --json > profile.json
              slipway data show digits-train --html digits.html
            """)

    @Argument(help: "The dataset.")
    var name: String?

    @Option(help: "Write a page with every column's distribution here, beside the last commit's.")
    var html: String?

    @OptionGroup var format: JSONOption

    func run() async throws {
        let tree = try await WorkingTree(at: ".")
        let declared = DeclaredFiles()
        let plan = try await Planner().plan(files: try tree.files()) {
            try tree.read(declared.noting($0))
        }
        guard let name else { return try await list(plan.datasets) }
        let manifest = try plan.dataset(named: name)
        let target = html.map(absolutePath)
        if let target {
            try plan.refuse(writing: target, as: "--html", root: tree.root, declared: declared)
            try refuse(replacing: target, as: "--html")
        }
        let content = try await PreparedData().checked(
            manifest, root: tree.root, among: plan.datasets,
            at: await manifest.commitTime(in: tree.root))
        if let problem = content.report.unread {
            let isThere = content.report.files.allSatisfy { $0.sha256 != nil }
            throw Stop(
                isThere ? .wrong : .notFound, problem.message, at: "\(problem.place)",
                hint: problem.hint)
        }
        await Console.say((summary(content.report) + content.notes).joined(separator: "\n"))
        guard let profile = content.profile else {
            throw Stop(.wrong, "the dataset has too many columns to be shown", at: manifest.path)
        }
        if let html, let target {
            let page = try await page(manifest, content, profile, tree)
            try writeFileAtomically(target, Array(page.html.utf8))
            return await Console.put(html)
        }
        guard !format.json else {
            let shown = profile.hidingCells
            return await Console.put(bytes: shown.canonicalJSON + [UInt8(ascii: "\n")])
        }
        await Console.put(text(manifest, profile))
    }

    /// How much is wrong with the data; empty: nothing.
    private func summary(_ report: ValidationReport) -> [String] {
        let severities =
            report.violations.compactMap(\.severity.checkSeverity)
            + report.outcomes.compactMap(\.severity)
        let (broken, warned) = (severities.count { $0 == .fail }, severities.count { $0 == .warn })
        let parts =
            (broken > 0 ? ["\(count(broken, "rule")) broken by the data"] : [])
            + (warned > 0 ? [count(warned, "warning")] : [])
        guard !parts.isEmpty else { return [] }
        return ["note: \(parts.joined(separator: ", ")); see slipway check"]
    }

    /// With what the last commit holds, where that is something else.
    private func page(
        _ manifest: DatasetManifest, _ content: CheckedData, _ profile: DatasetProfile,
        _ tree: WorkingTree
    ) async throws -> DatasetPage {
        var page = DatasetPage(
            title: manifest.name.text,
            subtitle: "\(count(profile.rows, "row")), \(count(profile.columns.count, "column"))"
                + (manifest.description.isEmpty ? "" : ": \(manifest.description)"),
            report: content.report, profile: profile, notes: content.notes)
        guard let clone = try? await Clone.find(), let head = try? await clone.commit("HEAD") else {
            // Because a folder without git, or without a commit, can have manifests as well.
            return page
        }
        let data = try CommittedData(clone)
        if let before = try await data.manifests(at: head)[manifest.name],
            before.files.map(\.sha256) != manifest.files.map(\.sha256),
            let earlier = try await data.content(of: before, at: head)?.profile
        {
            page.baseline = ("commit \(head.short)", earlier)
        }
        return page
    }

    private func list(_ datasets: [DatasetName: DatasetManifest]) async throws {
        let all = datasets.values.sorted { $0.name < $1.name }
        guard !format.json else {
            return await Console.put(bytes: try compactJSON(all.map(DatasetEntry.init)))
        }
        var table = Table("DATASET", "FORMAT", "FILES", "COLUMNS", "OWNER", "DESCRIPTION")
        for manifest in all {
            table.add(
                manifest.name.text, manifest.format.rawValue, "\(manifest.rawFiles.count)",
                "\(manifest.columns.count)", oneLine(manifest.owner, charactersMax: 30),
                oneLine(manifest.description, charactersMax: 60))
        }
        if all.isEmpty {
            await Console.say("there are no datasets; slipway dataset init FILE writes one")
        } else {
            await Console.put(table.text)
        }
    }

    private func text(_ manifest: DatasetManifest, _ profile: DatasetProfile) -> String {
        var lines = ["\(manifest.name): \(count(profile.rows, "row"))"]
        if !manifest.description.isEmpty { lines.append(oneLine(manifest.description)) }
        if let duplicates = profile.duplicates, duplicates.surplus > 0 {
            lines.append("\(count(duplicates.surplus, "row")) that stood before")
        }
        var table = Table("COLUMN", "TYPE", "MISSING", "DIFFERENT", "MIN", "MEDIAN", "MAX", "MOST")
        for column in profile.columns {
            let error = column.distinct.standardError
            let spread = error > 0 ? " ±\(short(error * 100)) %" : ""
            // Because even the least and the greatest cell are cells.
            let isShown = !column.isPrivate
            table.add(
                oneLine(column.name, charactersMax: 40), column.kind.rawValue,
                column.missing == 0 ? "0" : "\(column.missing) (\(share(column)))",
                "\(column.distinct.count)\(spread)", isShown ? column.leastText ?? "" : "",
                isShown ? median(column) : "", isShown ? column.greatestText ?? "" : "",
                most(column))
        }
        lines.append(table.text)
        return lines.joined(separator: "\n")
    }

    private func median(_ column: ColumnProfile) -> String {
        guard let median = column.numbers?.deciles[5] else { return "" }
        return column.kind.isTime ? column.kind.figureText(median) : short(median)
    }

    private func share(_ column: ColumnProfile) -> String {
        "\(short(100 * Double(column.missing) / Double(max(1, column.rows)))) %"
    }

    /// The most frequent values of a column that is not private.
    private func most(_ column: ColumnProfile) -> String {
        guard !column.isPrivate else { return "•••" }
        return column.values.items.prefix(3).filter { $0.count > 1 }.map { item in
            let value =
                item.text.map { oneLine($0, charactersMax: 20) } ?? item.integer.map(String.init)
                ?? item.number.map(column.kind.cellText)
            // Because of very many different values only a part of each is counted.
            let least = column.values.countError > 0 ? "≥" : ""
            return "\(value ?? "?") (\(least)\(item.count))"
        }.joined(separator: ", ")
    }
}

/// A dataset as a list of them shows it.
struct DatasetEntry: Codable, Sendable {
    var name: DatasetName
    var path: String
    var description: String
    var owner: String
    var tags: [String]
    var format: String
    var files: [String]
    var columns: [String]

    init(_ manifest: DatasetManifest) {
        name = manifest.name
        path = manifest.path
        description = manifest.description
        owner = manifest.owner
        tags = manifest.tags
        format = manifest.format.rawValue
        files = manifest.rawFiles.map(\.path)
        columns = manifest.columns.map(\.name)
    }
}
