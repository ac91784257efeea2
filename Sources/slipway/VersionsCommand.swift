import ArgumentParser
import Domain

struct VersionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List a model's versions, where each is assigned, and holds.",
        discussion: """
            Version tags that somebody else wrote, with GTO or by hand, are named as such.

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
        let foreign = try await client.get([ForeignTag].self, "/api/v1/models/\(model)/tags")
        if versions.isEmpty { await Console.say("no version of \(model) was released yet") }
        if !versions.isEmpty { await Console.put(text(of: versions)) }
        for tag in foreign { await Console.say(words(tag)) }
    }

    private func words(_ tag: ForeignTag) -> String {
        let commit = tag.commit.map { ", commit \($0.short)" } ?? ""
        let note = tag.note.map { ": \($0)" } ?? ""
        let name = oneLine(tag.tag, charactersMax: 200)
        switch tag.kind {
        case .version: return "note: `\(name)` is somebody else's version\(commit)\(note)"
        case .event: return "note: `\(name)` is somebody else's and changes nothing\(commit)\(note)"
        case .malformed: return "note: `\(name)` is set aside\(commit)\(note)"
        }
    }

    private func text(of versions: [VersionView]) -> String {
        var table = Table("VERSION", "ASSIGNED", "HELD IN", "COMMIT", "CANDIDATE", "APPROVED BY")
        for version in versions {
            let release = version.release
            table.add(
                "\(release.version)", names(version.assignedTo), names(version.heldIn),
                release.commit.short, release.candidate.short,
                release.approvedBy.map(\.text).joined(separator: ", "))
        }
        return table.text
    }

    private func names(_ environments: [EnvironmentName]) -> String {
        environments.isEmpty ? "–" : environments.map(\.text).joined(separator: ", ")
    }
}
