import FoundationEssentials

/// How forges hand out lists: in pages that count from 1.
enum AnswerPages {
    /// More pages than this are not read.
    static let max = 50

    /// The query that asks for a page.
    static func query(_ page: Int, on kind: Forge.Kind) -> String {
        kind == .gitea ? "limit=\(size(kind))&page=\(page)" : "per_page=\(size(kind))&page=\(page)"
    }

    /// Returns the page after one with `count` entries; nil: that was the last.
    ///
    /// A Gitea server may give out fewer than it was asked for, so there only an empty page ends.
    static func next(
        after page: Int, count: Int, on kind: Forge.Kind, asked: String
    ) throws(ForgesError) -> Int? {
        guard count >= (kind == .gitea ? 1 : size(kind)) else { return nil }
        guard page < max else { throw .answerEndless(asked: asked, pages: max) }
        return page + 1
    }

    private static func size(_ kind: Forge.Kind) -> Int { kind == .gitea ? 50 : 100 }
}

/// Returns the JSON of an answer as a value.
func decodeAnswer<Value: Decodable>(
    _ type: Value.Type, _ body: [UInt8], asked: String
) throws(ForgesError) -> Value {
    do {
        return try JSONDecoder().decode(type, from: Data(body))
    } catch let error as DecodingError {
        throw .answerUnreadable(asked: asked, detail: detail(error))
    } catch {
        throw .answerUnreadable(asked: asked, detail: "\(error)")
    }
}

private func detail(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "`\(key.stringValue)` is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .dataCorrupted(let context):
        context.codingPath.map(\.stringValue).joined(separator: ".") + " "
            + context.debugDescription
    @unknown default: "it is not the JSON that was expected"
    }
}
