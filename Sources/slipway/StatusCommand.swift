import ArgumentParser
import Domain
import Host
import Web

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what each model is doing, what is live, what waits for whom.",
        discussion: """
            --watch shows the runs under way until none is. With a model, --until waits for one of \
            the phases new, running, waiting-for-review, released, stopped, failed, broken, \
            rejected, removed; another final phase, or the end of --timeout, is exit code 1.

            Example:
              slipway status
              slipway status --watch
              slipway status digits --commit HEAD --until waiting-for-review --timeout 300
            """)

    @Argument(help: "A model; else all.")
    var model: ModelName?

    @Flag(help: "Show runs while they are under way.")
    var watch = false

    @Option(help: ArgumentHelp("Wait for one of these phases.", valueName: "phase,…"))
    var until: String?

    @Option(help: ArgumentHelp("Wait until this is the model's head.", valueName: "rev"))
    var commit: String?

    @Option(help: ArgumentHelp("How long --until waits.", valueName: "seconds"))
    var timeout = Seconds(120)

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var format: JSONOption

    func validate() throws {
        if until != nil || commit != nil {
            guard model != nil, until != nil else {
                throw ValidationError("--until needs a model, and --commit needs --until.")
            }
            _ = try phases()
        }
        guard (0...86_400).contains(timeout.value) else {
            throw ValidationError("--timeout must be from 0 to 86400 seconds.")
        }
    }

    func run() async throws {
        let client = try await daemon.client()
        if let model, until != nil { return try await wait(for: model, client) }
        if watch { try await Watch(client: client, model: model).untilIdle() }
        try await show(client)
    }

    private func phases() throws -> Set<ModelStatus.Phase> {
        let words = (until ?? "").split(separator: ",").map(String.init)
        let phases = words.map { ModelStatus.Phase(rawValue: $0) }
        guard !words.isEmpty, !phases.contains(nil) else {
            throw ValidationError("`\(until ?? "")` is not a list of phases; see --help.")
        }
        return Set(phases.compactMap(\.self))
    }

    private func wait(for model: ModelName, _ client: APIClient) async throws {
        var head: CommitID?
        if let commit {
            if let id = CommitID(commit) {
                head = id
            } else {
                head = try await Clone.find().commit(commit)
            }
        }
        let watch = Watch(client: client, model: model)
        let ending = try await watch.wait(for: try phases(), at: head, seconds: timeout.value)
        if let status = ending.status {
            await Console.put(
                bytes: format.json
                    ? try compactJSON(status)
                    : Array((try await described(status, client) + "\n").utf8))
        }
        switch ending.reason {
        case .reached: return
        case .otherwise: throw Stop(.wrong)
        case .late:
            if let head, let now = ending.status?.head, now != head {
                throw Stop(
                    .wrong, "the head of \(model) is the commit \(now.short), not \(head.short)",
                    at: "after \(duration(timeout.value))",
                    hint: "git push; or the daemon has no commit of it that touches \(model)")
            }
            throw Stop(
                .wrong, "\(model) did not become \(until ?? "") within \(duration(timeout.value))",
                hint: "slipway status \(model) --watch")
        }
    }

    private func show(_ client: APIClient) async throws {
        if let model {
            let answer = try await client.get("/api/v1/models/\(model)")
            if format.json { return await Console.put(bytes: answer.body) }
            let status = try decodeJSON(ModelStatus.self, answer.body)
            return await Console.put(try await described(status, client))
        }
        let path = "/api/v1/live"
        if format.json {
            var whole = try await client.get([String: JSONValue].self, "/api/v1/status")
            whole["live"] = try await client.get(JSONValue.self, path)
            whole["previews"] = try await client.getIfThere(JSONValue.self, previewsPath)
            return await Console.put(bytes: try compactJSON(whole))
        }
        let status = try await client.get(StatusView.self, "/api/v1/status")
        let live = try await client.get([EnvironmentName: LiveView].self, path)
        // Because an older daemon has none.
        let previews = try await client.getIfThere([PreviewView].self, previewsPath) ?? []
        await Console.put(([text(of: status, live)] + text(of: previews)).joined(separator: "\n"))
    }

    private var previewsPath: String { "/api/v1/previews" }

    /// One model as people read it, and why its run does not go on at the moment.
    private func described(_ status: ModelStatus, _ client: APIClient) async throws -> String {
        let known = text(of: status)
        guard status.phase == .running, let id = status.run else { return known }
        let run: RunView
        do throws(Stop) {
            run = try await client.get(RunView.self, "/api/v1/runs/\(id.model)/\(id.number)")
        } catch {
            // Because a run that the journal lost is known by its decisions alone.
            if error.code == .notFound { return known }
            throw error
        }
        guard run.state == .running, let failure = run.failure else { return known }
        return "\(known)\n\n\(id) waits, and tries again by itself:\n\(failure)"
    }
}

/// What branches and pull requests would do, a line each, under a heading.
private func text(of previews: [PreviewView]) -> [String] {
    guard !previews.isEmpty else { return [] }
    var table = Table("PREVIEW", "MODEL", "PHASE", "RUN", "WHAT")
    for preview in previews {
        table.add(
            preview.ref, preview.model.text, preview.phase.rawValue,
            preview.run?.description ?? "–", preview.summary)
    }
    return ["", table.text]
}

/// The whole repository as people read it.
private func text(of view: StatusView, _ live: [EnvironmentName: LiveView]) -> String {
    if view.isWithoutCommits { return firstSteps(view) }
    var lines = ["\(view.branch) at \(view.head?.short ?? "nothing yet")"]
    if view.models.isEmpty {
        lines.append("no model yet: slipway new digits PATH")
    } else {
        var table = Table("MODEL", "PHASE", "HEAD", "ASSIGNED", "LIVE", "WHAT")
        for model in view.models {
            table.add(
                model.model.text, phase(model), model.head?.short ?? "–",
                assigned(model), serving(model, live), model.summary)
        }
        lines.append(table.text)
    }
    for model in view.models { lines += troubles(model) }
    for (environment, report) in live.sorted(by: { $0.key < $1.key }) {
        if let problem = report.problem { lines += ["", "\(environment):", problem.description] }
        for model in report.models {
            guard let problem = model.problem else { continue }
            lines += ["", "\(environment), \(model.model):", problem.description]
        }
    }
    for problem in view.problems { lines += ["", problem.description] }
    return lines.joined(separator: "\n")
}

extension StatusView {
    /// Whether the daemon waits for the first commit, which is no fault of anybody.
    fileprivate var isWithoutCommits: Bool {
        head == nil && models.isEmpty && !problems.isEmpty
            && problems.allSatisfy { $0.disposition == .wait(for: "a commit") }
    }
}

/// What to do in a repository that is new.
private func firstSteps(_ view: StatusView) -> String {
    """
    \(view.branch) has no commits yet. In a clone of the repository, the first is made by:
      slipway new digits .
      git add --all && git commit -m 'digits: first model'
      git push origin HEAD:\(view.branch)
    """
}

/// One model as people read it.
func text(of model: ModelStatus) -> String {
    let head = model.head.map { " at \($0.short)" } ?? ""
    var lines = ["\(model.model)\(head): \(phase(model)): \(model.summary)"]
    if !model.assigned.isEmpty { lines.append("assigned: \(assigned(model))") }
    return (lines + troubles(model)).joined(separator: "\n")
}

private func phase(_ model: ModelStatus) -> String {
    model.suspended == nil ? model.phase.rawValue : "\(model.phase.rawValue), suspended"
}

private func assigned(_ model: ModelStatus) -> String {
    guard !model.assigned.isEmpty else { return "–" }
    return model.assigned.map { assigned in
        let held =
            assigned.held.isEmpty
            ? "" : " (on hold: \(assigned.held.map(\.description).joined(separator: ", ")))"
        return "\(assigned.environment) \(assigned.version)\(held)"
    }.joined(separator: ", ")
}

private func serving(_ model: ModelStatus, _ live: [EnvironmentName: LiveView]) -> String {
    let found = live.sorted { $0.key < $1.key }.flatMap { _, report in
        report.models.filter { $0.model == model.model }
    }
    guard !found.isEmpty else {
        return live.values.contains { $0.problem != nil } ? "unknown" : "–"
    }
    return found.map { live in
        live.health == .serving
            ? "\(live.version?.description ?? "–")"
            : "\(live.version?.description ?? "–") \(live.health.rawValue)"
    }.joined(separator: ", ")
}

private func troubles(_ model: ModelStatus) -> [String] {
    var lines: [String] = []
    if let failure = model.failure { lines += ["", "\(model.model):", failure.description] }
    if !model.diagnostics.isEmpty {
        lines += ["", "\(model.model):"] + model.diagnostics.map(line)
    }
    return lines
}
