import ArgumentParser
import Domain
import Host
import Planning
import Validation

struct DatasetPrepareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Carry out the `prepare:` of a manifest, and show what each step does.",
        discussion: """
            Reads the files of the working folder and prints how many rows go into each step and \
            come out. The bytes are those that the daemon trains on.

            Example:
              slipway dataset prepare penguins-train
              slipway dataset prepare penguins-train --output train.csv
            """)

    @Argument(help: "The dataset.")
    var name: String

    @Option(help: "Write the rows here, or the folder of pictures.")
    var output: String?

    @OptionGroup var format: JSONOption

    func run() async throws {
        let tree = try await WorkingTree(at: ".")
        let declared = DeclaredFiles()
        let plan = try await Planner().plan(files: try tree.files()) {
            try tree.read(declared.noting($0))
        }
        let manifest = try plan.dataset(named: name)
        guard manifest.preparation != nil, let file = manifest.files.first else {
            throw Stop(
                .usage, "the dataset `\(manifest.name)` is not prepared: its files are its rows",
                at: manifest.path, hint: "prepare: [{drop_missing: {columns: […]}}]")
        }
        let target = output.map(absolutePath)
        if let target {
            try requireFolder(of: target)
            try plan.refuse(writing: target, as: "--output", root: tree.root, declared: declared)
        }
        let prepared = PreparedData()
        let report = try await prepared.require(manifest, root: tree.root)
        if let target, let folder = prepared.folder {
            try write(file, in: folder, to: target)
        }
        let chain = prepared.lineage(of: manifest) ?? []
        guard !format.json else { return await Console.put(bytes: try compactJSON(chain)) }
        await Console.put(table(chain))
        await Console.say("\(manifest.name): \(report.sentence)")
    }

    /// Before anything is prepared, because that may take long.
    private func requireFolder(of target: String) throws(Stop) {
        let folder = parentFolder(target)
        guard !isFolder(folder) else { return }
        throw Stop(
            .notFound, "--output: the folder \(oneLine(folder)) does not exist",
            hint: "make it first, or name a file in a folder that exists")
    }

    private func write(
        _ file: DatasetFile, in folder: String, to target: String
    ) throws {
        if let pictures = file.folder {
            return try copyTree("\(folder)/\(pictures)", to: target)
        }
        let partial = "\(target).partial"
        // One that was interrupted left it.
        try removeFile(partial)
        try copyFile("\(folder)/\(file.path)", to: partial, mode: 0o644)
        try renamePath(partial, to: target)
    }

    private func table(_ chain: [PreparationReport]) -> String {
        var table = Table("DATASET", "STEP", "ROWS IN", "ROWS OUT", "CELLS CHANGED", "FOUND")
        for made in chain {
            for step in made.steps {
                table.add(
                    made.dataset.text, step.name, "\(step.rowsIn)", "\(step.rowsOut)",
                    "\(step.cellsChanged)", step.notes.joined(separator: "; "))
            }
        }
        return table.text
    }
}
