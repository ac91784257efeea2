import Domain
import HTTPTypes
import Hummingbird
import Journal

extension API {
    /// Newest first.
    @Sendable func runs(_ question: Question) async throws -> Response {
        let model = try question.word("model", ModelName.self, "a model's name")
        return try jsonAnswer(await journal.runs(of: model, limit: try question.limit()))
    }

    @Sendable func run(_ question: Question) async throws -> Response {
        try jsonAnswer(await found(try question.run()))
    }

    /// Oldest first, behind the position `after`.
    @Sendable func events(_ question: Question) async throws -> Response {
        let run = try await found(try question.run())
        let after = try question.number("after", 0...Int.max) ?? 0
        return try jsonAnswer(
            await journal.events(of: run.id, after: after, limit: try question.limit()))
    }

    /// Of the step that is asked for, else of the one that started last.
    @Sendable func logs(_ question: Question) async throws -> Response {
        let run = try await found(try question.run())
        let asked = try question.word("step", StepName.self, "a step's name")
        let attempt = try question.number("attempt", 1...Int.max)
        let offset = try question.number("offset", 0...Int.max) ?? 0
        let limit = try question.number("limit", 1...logBytesMax) ?? logBytesMax
        guard let step = asked ?? run.steps.last(where: { $0.attempt > 0 })?.name else {
            throw WebFailure.missing(
                "no step of \(run.id) has started", hint: "slipway runs \(run.id.model)")
        }
        guard let part = try await sources.log(run.id, step, attempt, offset, limit) else {
            let which = attempt.map { ", attempt \($0)" } ?? ""
            throw WebFailure.missing("there is no log of \(run.id), step \(step)\(which)")
        }
        var response = answer(part.bytes, "text/plain; charset=utf-8")
        for (name, value) in [
            ("Slipway-Step", step.text), ("Slipway-Next-Offset", "\(part.nextOffset)"),
            ("Slipway-Total-Bytes", "\(part.total)"),
        ] {
            if let field = HTTPField.Name(name) { response.headers[field] = value }
        }
        return response
    }

    private func found(_ id: RunID) async throws -> RunView {
        guard let run = try await journal.run(id) else {
            throw WebFailure.missing("there is no run \(id)", hint: "slipway runs \(id.model)")
        }
        return run
    }
}
