import Domain
import Evaluation
import Host
import Review

/// Makes one signed tag about the evidence at hand, pushes it, and waits for its effect.
struct Reviewing {
    private let options: ReviewOptions
    private let model: ModelName
    private let kind: Approval.Kind
    private let comment: String

    init(_ options: ReviewOptions, _ model: ModelName, _ kind: Approval.Kind, comment: String) {
        self.options = options
        self.model = model
        self.kind = kind
        self.comment = comment
    }

    func run() async throws {
        let clone = try await Clone.find()
        let tag = ReviewTag(clone: clone, options: options, kind: kind, comment: comment)
        try await tag.requireKey()
        let client = try await options.daemon.client()
        let report = try await client.get(ReportView.self, "/api/v1/models/\(model)/report")
        let digest = try evidence(of: report)
        let sheet = try await SheetMaker(client: client, clone: clone, remote: options.remote)
            .sheet(report)
        await Console.put(text(of: sheet))
        if kind == .approve { try requireNoRejection(report) }
        if let rest = sheet.suspended, kind == .approve {
            await Console.say("\(model) rests, and nothing is released meanwhile: \(rest)")
        }
        let object = try await tag.publish(
            .init(
                evidence: digest, commit: report.commit, lifts: report.evidence?.lifts,
                seen: report.tags))
        try await outcome(of: object, report, client)
    }

    private func evidence(of report: ReportView) throws -> Digest {
        guard let digest = report.evidenceDigest else {
            throw Stop(
                .refused, "the gate did not pass \(report.run), so there is nothing to review",
                at: "commit \(report.commit.short)", hint: "slipway report \(model)")
        }
        let id = EvidenceID(digest)
        if let asked = options.evidence, asked != id.hex {
            throw Stop(
                .refused, "the evidence is \(id) now, not \(asked)",
                at: "\(report.run), commit \(report.commit.short)",
                hint: "read it anew: slipway report \(model)")
        }
        return digest
    }

    /// One no ends the review of this evidence, so that a yes would say nothing.
    private func requireNoRejection(_ report: ReportView) throws {
        guard let no = report.tags.first(where: { $0.kind == .reject && $0.refusal == nil }) else {
            return
        }
        let why = no.comment.isEmpty ? "" : ": \(no.comment)"
        throw Stop(
            .refused, "\(no.principal?.text ?? "somebody") has rejected this evidence\(why)",
            at: no.ref, hint: "push a new commit; it is judged anew")
    }

    /// Waits until the daemon has looked at the tag, and then for what follows from it.
    private func outcome(
        of tag: ObjectID, _ report: ReportView, _ client: APIClient
    ) async throws {
        let end = monotonicSeconds() + options.wait.value
        let query = [("run", "\(report.run.number)")]
        var counted: (report: ReportView, lacking: [String])?
        // Because one look may fall between the count and what follows from it.
        var looksLeft = 5
        while monotonicSeconds() < end {
            let path = "/api/v1/models/\(model)"
            let now = try await client.get(ReportView.self, "\(path)/report", query)
            if let seen = now.tags.first(where: { $0.tag == tag }) {
                if let refusal = seen.refusal {
                    throw Stop(
                        .refused, "it does not count: \(refusal)", at: seen.ref, hint: seen.hint)
                }
                let status = try await client.get(ModelStatus.self, path)
                if status.evidence != report.evidenceDigest.map(EvidenceID.init) {
                    return await Console.say("\(model): \(status.summary)")
                }
                counted = (now, lacking(status))
                if kind == .approve {
                    if now.approvers.count < now.approvalsNeeded { break }
                    let isHeld = !lacking(status).isEmpty || status.suspended != nil
                    looksLeft -= isHeld ? 1 : 0
                }
                if looksLeft == 0 { break }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        if let counted {
            let (have, need) = (counted.report.approvers.count, counted.report.approvalsNeeded)
            let more = counted.lacking.map { "\nstill needed: \($0)" }.joined()
            var words = approvalCount(have, of: need)
            if words.last == "," { words.removeLast() }
            await Console.say("it counts: \(words)\(more)")
        } else if options.wait.value > 0 {
            await Console.say(
                "the daemon has not looked at it within \(duration(options.wait.value)); "
                    + "see slipway status \(model)")
        }
    }
}
