import ArgumentParser

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the files before they are committed.",
        discussion: """
            Reads slipway.yaml, models, datasets and environments, and validates the data against \
            its manifests. Each finding names file, line and column; what is wrong with data \
            stands in a table, the worst first. Exit code 1 means errors; warnings alone are none. \
            Data that is kept elsewhere is checked where the folder has it, and counted otherwise. \
            Data that has not changed since the last check is not read again; of a dataset of many \
            files only those are that are new.

            Example:
              slipway check
              slipway check --no-data path/to/clone
              slipway check --sarif slipway.sarif --junit slipway.xml
            """)

    @Argument(help: "A folder in the clone.")
    var path = "."

    @Flag(help: "Check what is staged, and the data that the commit changes; for pre-commit.")
    var staged = false

    @Flag(help: "Do not read the data.")
    var noData = false

    @Flag(help: "Read all data again, also what has not changed since it was last checked.")
    var fresh = false

    @Option(help: "Also write SARIF 2.1.0 here, for code hosts.")
    var sarif: String?

    @Option(help: "Also write JUnit XML here, for CI systems.")
    var junit: String?

    @OptionGroup var format: JSONOption

    func validate() throws {
        let options = FilesCheck(path: path, staged: staged)
        if let why = options.contradiction { throw ValidationError(why) }
    }

    func run() async throws {
        try await FilesCheck(
            path: path, staged: staged, noData: noData, fresh: fresh, sarif: sarif, junit: junit,
            json: format.json
        ).run()
    }
}
