import ArgumentParser
import Domain
import Evaluation

struct ReportCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, html }

    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Show what a reviewer needs: what changed, what it does, who said what.",
        discussion: """
            Of the head commit, unless --run or --version says otherwise: beside the version that \
            is live, lowered limits first. In a clone it also says what changed in the files. \
            --full adds every class and the confusion matrix; html is one page without anything \
            outside it.

            Example:
              slipway report digits
              slipway report digits --run 17 --full
              slipway report digits --format html > report.html
            """)

    @Argument(help: "The model.")
    var model: ModelName

    @Option(name: .customLong("run"), help: "The number of a run.")
    var asked: String?

    @Option(help: ArgumentHelp("A released version.", valueName: "version"))
    var version: SemanticVersion?

    @Option(help: "text, markdown or html.")
    var format = Format.text

    @Flag(help: "Add every metric, class and cell to the text.")
    var full = false

    @Option(help: "The remote that is watched.")
    var remote = "origin"

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var json: JSONOption

    func validate() throws {
        _ = try number()
        guard !full || format == .text else {
            throw ValidationError("--full is for the text alone.")
        }
    }

    /// `17`, or `digits/17` as other commands print it.
    private func number() throws -> Int? {
        guard let asked else { return nil }
        let own = "\(model)/"
        let digits = asked.hasPrefix(own) ? asked.dropFirst(own.count) : asked[...]
        guard let number = Int(digits), number > 0 else {
            throw ValidationError("`\(asked)` is no run of \(model); --run 17, or \(model)/17.")
        }
        return number
    }

    func run() async throws {
        let client = try await daemon.client()
        let query = [("run", try number().map(String.init)), ("version", version?.description)]
        let answer = try await client.get("/api/v1/models/\(model)/report", query)
        if json.json { return await Console.put(bytes: answer.body) }
        let view = try decodeJSON(ReportView.self, answer.body)
        // Because what changed in the files is only one part of it.
        let clone = try? await Clone.find()
        let sheet = try await SheetMaker(client: client, clone: clone, remote: remote).sheet(view)
        switch format {
        case .text:
            await Console.put(text(of: sheet))
            if full { await Console.put("\n" + render(view.report)) }
        case .markdown: await Console.put(markdown(of: sheet))
        case .html: await Console.put(html(of: sheet))
        }
    }
}
