import ArgumentParser

struct DatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Write and update the manifests of datasets.",
        subcommands: [
            DatasetInitCommand.self, DatasetUpdateCommand.self, DatasetPrepareCommand.self,
        ])
}

struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Look at datasets: what they hold, what changed, where something is.",
        subcommands: [DataShowCommand.self, DataDiffCommand.self, DataSearchCommand.self])
}
