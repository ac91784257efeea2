import Domain
import Hummingbird
import Journal

extension API {
    @Sendable func policy(_ question: Question) async throws -> Response {
        guard let view = await sources.policy() else {
            throw WebFailure.missing("nobody can say who may decide", hint: "slipway log policy")
        }
        return try jsonAnswer(view)
    }

    /// Newest first; those that were given up, unless another state is asked for.
    @Sendable func letters(_ question: Question) async throws -> Response {
        let states = OutboxRow.State.allCases.map(\.rawValue)
        let word = question.text("state") ?? OutboxRow.State.dead.rawValue
        guard let state = OutboxRow.State(rawValue: word) else {
            throw WebFailure.malformed(
                "`state` is `\(word.prefix(80))`, not \(states.joined(separator: ", "))")
        }
        let limit = try question.limit()
        return answer(
            try await sources.letters(state, limit), "application/json; charset=utf-8")
    }

    /// Of the id that is asked for, else of every letter that was given up.
    @Sendable func retryLetters(_ question: Question) async throws -> Response {
        let id = try question.number("id", 1...Int.max).map { Int64($0) }
        do {
            return try jsonAnswer(["retried": try await sources.retryLetters(id)])
        } catch let failure as Failure where failure.disposition == .stalled {
            throw WebFailure(status: .notFound, failure: failure)
        }
    }
}
