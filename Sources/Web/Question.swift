import Domain
import Hummingbird

/// The most rows that a list has.
let rowsMax = 1000
/// The most bytes that a request may bring.
let bodyBytesMax = 64 * 1024
/// The most bytes of a log in one answer.
let logBytesMax = 1 << 20

/// A request's path and query, read into the domain's words.
struct Question {
    let request: Request
    let context: BasicRequestContext

    /// The model in the path.
    func model() throws(WebFailure) -> ModelName {
        let text = context.parameters.get("model") ?? ""
        guard let model = ModelName(text) else {
            throw .malformed("`\(text.prefix(80))` is not a model's name")
        }
        return model
    }

    /// The run in the path.
    func run() throws(WebFailure) -> RunID {
        let text = context.parameters.get("number") ?? ""
        guard let number = Int(text), number > 0 else {
            throw .malformed("`\(text.prefix(80))` is not a run's number")
        }
        return RunID(model: try model(), number: number)
    }

    /// The query's value, percent-decoded; nil when it is not there.
    func text(_ key: String) -> String? {
        request.uri.queryParameters[key[...]].map { String($0) }
    }

    /// The query's value as a number; nil when it is not there.
    func number(_ key: String, _ range: ClosedRange<Int>) throws(WebFailure) -> Int? {
        guard let text = text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            let most = range.upperBound == .max ? "" : " to \(range.upperBound)"
            throw .malformed(
                "`\(key)` is `\(text.prefix(80))`, not a number from \(range.lowerBound)\(most)")
        }
        return number
    }

    /// The query's value as one of the domain's words; nil when it is not there.
    func word<Word: LosslessStringConvertible>(
        _ key: String, _ kind: Word.Type, _ expected: String
    ) throws(WebFailure) -> Word? {
        guard let text = text(key) else { return nil }
        guard let word = Word(text) else {
            throw .malformed("`\(key)` is `\(text.prefix(80))`, not \(expected)")
        }
        return word
    }

    /// How many rows the client wants at most.
    func limit() throws(WebFailure) -> Int { try number("limit", 1...rowsMax) ?? rowsMax }
}
