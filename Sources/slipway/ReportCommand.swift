import ArgumentParser
import Domain
import Evaluation

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Show what was measured, against which limits.",
        discussion: """
            Of the head commit, unless --run or --version says otherwise.

            Example:
              slipway report digits
              slipway report digits --run 17
            """)

    @Argument(help: "The model.")
    var model: ModelName

    @Option(name: .customLong("run"), help: "The number of a run.")
    var number: Int?

    @Option(help: ArgumentHelp("A released version.", valueName: "version"))
    var version: SemanticVersion?

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var format: JSONOption

    func run() async throws {
        let client = try await daemon.client()
        let query = [("run", number.map(String.init)), ("version", version?.description)]
        let answer = try await client.get("/api/v1/models/\(model)/report", query)
        if format.json { return await Console.put(bytes: answer.body) }
        await Console.put(text(of: try decodeJSON(ReportView.self, answer.body)))
    }
}

/// A report as people read it.
func text(of view: ReportView) -> String {
    var lines = ["\(view.run), commit \(view.commit.short), candidate \(view.candidate.short)"]
    lines.append("baseline  \(view.baseline?.description ?? "none: nothing was assigned")")
    let report = render(view.report, verdict: view.verdict)
    lines += ["", report.hasSuffix("\n") ? String(report.dropLast()) : report]
    guard let digest = view.evidenceDigest else { return lines.joined(separator: "\n") }
    let id = EvidenceID(digest)
    lines += ["", "evidence  \(id) for \(view.environment?.text ?? "nowhere")"]
    if let lifts = view.evidence?.lifts {
        lines.append("          \(lifts) is on hold; approving this lifts the hold")
    }
    if let evidence = view.evidence { lines.append("runtime   \(words(evidence.runtime))") }
    let counted = view.tags.filter { $0.kind == .approve && $0.refusal == nil }
    lines.append("approvals \(counted.count) of \(view.approvalsNeeded)")
    for tag in view.tags {
        let who = tag.principal?.text ?? "unknown"
        let verb = tag.kind == .approve ? "approved" : "rejected"
        let comment = tag.comment.isEmpty ? "" : ": \(tag.comment)"
        lines.append(
            tag.refusal.map { "          \(tag.ref) does not count: \($0)" }
                ?? "          \(who) \(verb)\(comment)")
    }
    return lines.joined(separator: "\n")
}

/// The program that answers predictions, as it was declared.
private func words(_ runtime: ServingDeclaration.Runtime) -> String {
    switch runtime {
    case .sklearn: "sklearn"
    case .command(let command): "command: \(command)"
    }
}
