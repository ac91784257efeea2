import ArgumentParser
import Domain
import Host
import Planning

struct DataSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find datasets by names, columns, tags, owners and descriptions.",
        discussion: """
            Every word must occur; the end of a word may be left out. What stands in the name \
            counts most, then tags and columns, then owner, description and files.

            Example:
              slipway data search customer churn
            """)

    @Argument(help: "Words.")
    var words: [String]

    @OptionGroup var format: JSONOption

    func run() async throws {
        let tree = try await WorkingTree(at: ".")
        let plan = try await Planner().plan(files: try tree.files()) { try tree.read($0) }
        let found = DatasetSearch(words.joined(separator: " ")).find(in: plan.datasets.values)
        guard !format.json else {
            return await Console.put(
                bytes: try compactJSON(found.map { DatasetEntry($0.manifest) }))
        }
        for hit in found.prefix(50) {
            let places = hit.places.prefix(6).joined(separator: ", ")
            await Console.put("\(hit.manifest.name)  \(oneLine(places, charactersMax: 160))")
        }
        guard !found.isEmpty else {
            throw Stop(
                .notFound, "no dataset has all of these words",
                hint: "slipway data show lists all \(count(plan.datasets.count, "dataset"))")
        }
        if found.count > 50 { await Console.say("and \(found.count - 50) more") }
    }
}
