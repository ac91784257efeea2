import ArgumentParser
import Domain
import Host

struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "List what waits for reviewers, and what you can do about it.",
        discussion: """
            For each model, and for a change of who may decide: what it is, who has approved, who \
            still must, and whether you can. Who you are is --as, else git's slipway.reviewer, \
            else user.email. In a clone it knows who wrote the changes.

            Example:
              slipway review
              slipway review --mine
            """)

    @Flag(help: "Only what you can approve.")
    var mine = false

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Who you are in allowed_signers.", valueName: "principal"))
    var principal: String?

    @Option(help: "The remote that is watched.")
    var remote = "origin"

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var format: JSONOption

    func run() async throws {
        let client = try await daemon.client()
        // Because outside a clone all but the authors is known.
        let clone = try? await Clone.find()
        let moment = now()
        let room = WaitingRoom(
            client: client, clone: clone, remote: remote,
            me: await ownPrincipal(clone, principal), now: moment)
        var (found, resting) = try await room.all()
        if mine { found.removeAll { !$0.mine.can } }
        if format.json { return await Console.put(bytes: try compactJSON(found)) }
        if found.isEmpty {
            await Console.say("nothing waits for \(mine ? "you" : "a review")")
        } else {
            await Console.put(found.map { $0.text(at: moment) }.joined(separator: "\n\n"))
        }
        if mine { resting = [] }
        for model in resting {
            guard let why = model.suspended else { continue }
            let gap = found.isEmpty ? "" : "\n"
            await Console.put("\(gap)\(model.model) rests\n  is       \(why.sentence)")
        }
    }
}
