import Domain
import Planning

// Settings are written by people: a word that is not understood is an error that says which are.

/// Refuses keys that nobody would read, above all misspelt ones.
func requireKnownKeys<Key: CodingKey & CaseIterable>(
    _ keys: Key.Type, _ decoder: any Decoder
) throws {
    try requireKnown(
        keys.allCases.map(\.stringValue), in: decoder.container(keyedBy: TextKey.self))
}

/// As above, for an object that another module decodes.
func requireKnown(_ known: [String], in object: KeyedDecodingContainer<TextKey>) throws {
    for key in object.allKeys where !known.contains(key.stringValue) {
        let meant = nearest(to: key.stringValue, among: known).map { "; did you mean `\($0)`?" }
        throw DecodingError.dataCorrupted(
            DecodingError.Context(
                codingPath: object.codingPath + [key],
                debugDescription: "there is no such key\(meant ?? ""); there are "
                    + known.joined(separator: ", ")))
    }
}

extension KeyedDecodingContainer {
    /// Reads one of these words.
    func choice<Value: RawRepresentable<String>>(
        of all: [Value], _ key: Key
    ) throws -> Value {
        try known(try decode(String.self, forKey: key), among: all, key)
    }

    /// Reads one of these words; nil when there is none.
    func choiceIfPresent<Value: RawRepresentable<String>>(
        of all: [Value], _ key: Key
    ) throws -> Value? {
        try decodeIfPresent(String.self, forKey: key).map { try known($0, among: all, key) }
    }

    /// Reads some of these words; nil when there is no list.
    func choices<Value: RawRepresentable<String>>(
        of all: [Value], _ key: Key
    ) throws -> [Value]? {
        try decodeIfPresent([String].self, forKey: key)?.map { try known($0, among: all, key) }
    }

    /// Reads a whole number; nil when there is none.
    ///
    /// By way of a fraction, because of one that is not whole the decoder says only that the file
    /// is no JSON.
    func wholeNumberIfPresent(_ key: Key) throws -> Int? {
        guard let number = try decodeIfPresent(Double.self, forKey: key) else { return nil }
        guard let whole = Int(exactly: number) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "a whole number is expected here")
        }
        return whole
    }

    private func known<Value: RawRepresentable<String>>(
        _ word: String, among all: [Value], _ key: Key
    ) throws -> Value {
        if let value = all.first(where: { $0.rawValue == word }) { return value }
        let words = all.map(\.rawValue).joined(separator: ", ")
        throw DecodingError.dataCorruptedError(
            forKey: key, in: self,
            debugDescription: "`\(word)` is none of \(words)")
    }
}

/// Returns what is wrong in the file, with the key that it is wrong at.
func settingsFailure(_ error: any Error, in file: String) -> Failure {
    var path: [any CodingKey] = []
    var detail = "\(error)"
    if let error = error as? DecodingError {
        switch error {
        case .keyNotFound(let key, let context):
            (path, detail) = (context.codingPath + [key], "it is missing")
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            (path, detail) = (context.codingPath, "\(expectation(type)) is expected here")
        case .dataCorrupted(let context):
            (path, detail) = (context.codingPath, ownWords(context.debugDescription))
        @unknown default: break
        }
    }
    let key = keyText(path)
    return Failure(
        "the daemon's configuration cannot be read\(key.isEmpty ? "" : " at `\(key)`"): \(detail)",
        at: file, hint: "mend it, or write it anew with `slipway init --force`",
        .wait(for: "a changed configuration"))
}

/// What stands in JSON for a value of this type.
private func expectation(_ type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a text in quotes"
    case is Bool.Type: "true or false"
    case is Int.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is any ExpressibleByArrayLiteral.Type: "a list in brackets"
    default: "an object in braces"
    }
}

/// Says what Swift's decoding says of values and of text that is no JSON as a person would.
private func ownWords(_ detail: String) -> String {
    if detail.hasPrefix("Cannot initialize") {
        let value = detail.split(separator: " ").last.map(String.init) ?? ""
        return "`\(value)` is no word that is known here"
    }
    return detail == "The given data was not valid JSON." ? "it is not JSON" : detail
}

/// `channels[1].kind`
private func keyText(_ path: [any CodingKey]) -> String {
    var text = ""
    for key in path {
        if let index = key.intValue {
            text += "[\(index)]"
        } else {
            text += (text.isEmpty ? "" : ".") + key.stringValue
        }
    }
    return text
}
