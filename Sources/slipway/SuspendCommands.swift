import ArgumentParser
import Domain
import Git
import Host

struct SuspendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Let a model, an environment or everything rest, by a commit that is pushed.",
        discussion: """
            Adds an item to `suspend:` of slipway.yaml on the watched branch and leaves every \
            other line as it is; your work tree is not touched. What rests is neither trained nor \
            released; what is live stays live. `slipway status` shows it, with who and why.

            Example:
              slipway suspend digits --reason 'the labels of March are wrong' --for 2d
              slipway suspend --environment production --reason audit --until 2026-12-01
            """)

    @OptionGroup var options: SuspensionOptions

    @Option(help: "Why; everybody sees it.")
    var reason: String

    @Option(
        help: ArgumentHelp("Until a day, or a moment in UTC.", valueName: "when"),
        transform: Moment.reading)
    var until: Moment?

    @Option(
        name: .customLong("for"), help: ArgumentHelp("For so long: 2d.", valueName: "time"),
        transform: Moment.reading)
    var time: Moment?

    func validate() throws {
        guard until == nil || time == nil else {
            throw ValidationError("--until and --for say the same; give one.")
        }
        guard reason.contains(where: { !$0.isWhitespace }), reason.count <= 500 else {
            throw ValidationError("--reason must say why, in at most 500 characters.")
        }
    }

    func run() async throws {
        let moment = now()
        let end = (until ?? time)?.after(moment)
        if let end, end <= moment {
            let tomorrow = moment.advanced(bySeconds: 86_400)
            throw Stop(
                .usage, "\(end) is over",
                hint: "a moment to come: --until \(tomorrow), or --for 1d")
        }
        let clone = try await Clone.find()
        let change = try await SuspensionChange(clone, options)
        try await change.requireKnownNames()
        let author = try await clone.author()
        let suspension = Suspension(
            model: options.model, environment: options.environment,
            reason: unwrapped(reason), by: author.email,
            until: end.map { Instant(seconds: $0.seconds) })
        let old = change.declaration.suspensions.indices.filter {
            options.isSame(change.declaration.suspensions[$0])
        }
        try await change.write(
            removing: Set(old), adding: suspension,
            message: "Suspend \(options.subject): \(suspension.reason)")
    }

    /// The reason as it stands in the file: without what could end its line.
    private func unwrapped(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let what was suspended go on, by a commit that is pushed.",
        discussion: """
            Takes the item that `slipway suspend` with the same words made out of slipway.yaml.

            Example:
              slipway resume digits
              slipway resume --environment production
            """)

    @OptionGroup var options: SuspensionOptions

    func run() async throws {
        let change = try await SuspensionChange(try await Clone.find(), options)
        let all = change.declaration.suspensions
        let found = all.indices.filter { options.isSame(all[$0]) }
        guard !found.isEmpty else {
            let others = all.map { "\(SuspensionOptions.subject(of: $0)) is \($0.sentence)" }
            let near = all.first(where: options.overlaps) ?? (all.count == 1 ? all[0] : nil)
            let isPart = near.map(options.overlaps) ?? false
            throw Stop(
                .notFound, "\(options.subject) is not suspended\(isPart ? " by itself" : "")",
                at: others.isEmpty ? nil : others.joined(separator: "; "),
                hint: near.map(SuspensionOptions.resuming) ?? "slipway status")
        }
        try await change.write(
            removing: Set(found), adding: nil, message: "Resume \(options.subject)")
    }
}
