/// What other vocabularies call the keys of a declaration.
struct Synonyms: Sendable, ExpressibleByDictionaryLiteral {
    /// By the letters and digits alone, so that `minValue` and `min_value` are one.
    private let names: [String: String]

    init(dictionaryLiteral elements: (String, String)...) {
        names = Dictionary(
            elements.map { (Self.plain($0), $1) }, uniquingKeysWith: { first, _ in first })
    }

    /// The key that is meant by a word, if it is one of those that there are, or below one of them;
    /// nil: none is known to be.
    func meant(by word: String, among valid: [String]) -> String? {
        names[Self.plain(word)].flatMap { name in
            let outer = String(name.prefix { $0 != "." })
            return valid.contains(outer) ? name : nil
        }
    }

    private static func plain(_ word: String) -> String {
        String(word.lowercased().filter { $0 != "_" && $0 != "-" })
    }
}
