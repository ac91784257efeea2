import ArgumentParser
import Domain

struct VersionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List a model's versions, where each is assigned, and holds.",
        discussion: """
            Example:
              slipway versions digits
            """)

    @Argument(help: "The model.")
    var model: ModelName

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var format: JSONOption

    func run() async throws {
        let client = try await daemon.client()
        let answer = try await client.get("/api/v1/models/\(model)/versions")
        if format.json { return await Console.put(bytes: answer.body) }
        let versions = try decodeJSON([VersionView].self, answer.body)
        guard !versions.isEmpty else {
            return await Console.say("no version of \(model) was released yet")
        }
        var table = Table("VERSION", "ASSIGNED", "HELD IN", "COMMIT", "CANDIDATE", "APPROVED BY")
        for version in versions {
            let release = version.release
            table.add(
                "\(release.version)", names(version.assignedTo), names(version.heldIn),
                release.commit.short, release.candidate.short,
                release.approvedBy.map(\.text).joined(separator: ", "))
        }
        await Console.put(table.text)
    }

    private func names(_ environments: [EnvironmentName]) -> String {
        environments.isEmpty ? "–" : environments.map(\.text).joined(separator: ", ")
    }
}
