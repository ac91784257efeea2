import Domain
import Hummingbird
import Journal

/// The paths of the JSON API: what the journal and the daemon say, and no decision of its own.
struct API: Sendable {
    let journal: Journal
    let sources: WebSources
    let webhooks: WebhookDesk

    /// Returns what answers every path.
    func routes() -> RouterResponder<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        add("healthz", to: router, health)
        add("metrics", to: router, metrics)
        add("api/v1/status", to: router, status)
        add("api/v1/live", to: router, live)
        add("api/v1/previews", to: router, previews)
        add("api/v1/plan", to: router, plan)
        add("api/v1/policy", to: router, policy)
        add("api/v1/letters", to: router, letters)
        add("api/v1/models/:model", to: router, model)
        add("api/v1/models/:model/report", to: router, report)
        add("api/v1/models/:model/versions", to: router, versions)
        add("api/v1/models/:model/tags", to: router, foreignTags)
        add("api/v1/models/:model/decisions", to: router, decisions)
        add("api/v1/runs", to: router, runs)
        add("api/v1/runs/:model/:number", to: router, run)
        add("api/v1/runs/:model/:number/events", to: router, events)
        add("api/v1/runs/:model/:number/logs", to: router, logs)
        router.post("api/v1/wake") { _, _ in
            await sources.wake()
            return Response(status: .accepted)
        }
        router.post("api/v1/letters/retry") { request, context in
            try await retryLetters(Question(request: request, context: context))
        }
        return router.buildResponder()
    }

    private func add(
        _ path: String, to router: Router<BasicRequestContext>,
        _ answer: @escaping @Sendable (Question) async throws -> Response
    ) {
        router.get(RouterPath(path)) { request, context in
            try await answer(Question(request: request, context: context))
        }
    }

    @Sendable private func health(_ question: Question) async throws -> Response {
        if let failure = await sources.health() { throw WebFailure.unhealthy(failure) }
        return answer(Array("ok\n".utf8), "text/plain; charset=utf-8")
    }

    @Sendable private func metrics(_ question: Question) async throws -> Response {
        let text = try await Metrics(journal: journal, sources: sources, webhooks: webhooks)
            .text()
        return answer(Array(text.utf8), "text/plain; version=0.0.4; charset=utf-8")
    }

    @Sendable private func status(_ question: Question) async throws -> Response {
        let watched = await sources.watched()
        return try jsonAnswer(
            StatusView(
                branch: watched.branch, head: watched.head, models: await journal.statuses(),
                problems: await journal.problems().map(\.failure)))
    }

    @Sendable private func live(_ question: Question) async throws -> Response {
        try jsonAnswer(await sources.live())
    }

    @Sendable private func previews(_ question: Question) async throws -> Response {
        try jsonAnswer(await sources.previews())
    }

    @Sendable private func plan(_ question: Question) async throws -> Response {
        guard let revision = await asked(question) else {
            throw WebFailure.missing(
                "no commit was looked at yet", hint: "name one: /api/v1/plan?revision=COMMIT")
        }
        guard !revision.isEmpty, revision.utf8.count <= 256, !revision.hasPrefix("-") else {
            throw WebFailure.malformed("`\(revision.prefix(80))` is not a revision")
        }
        do {
            return answer(try await sources.plan(revision), "application/json; charset=utf-8")
        } catch let failure as Failure {
            throw WebFailure.refused(failure)
        }
    }

    /// The revision in the query, else the commit that was processed last.
    private func asked(_ question: Question) async -> String? {
        if let revision = question.text("revision") { return revision }
        return await sources.watched().head?.hex
    }
}
