import Domain

// Settings are written by people: a word that is not understood is an error that says which are.

/// Refuses keys that nobody would read, above all misspelt ones.
func requireKnownKeys<Key: CodingKey & CaseIterable>(
    _ keys: Key.Type, _ decoder: any Decoder
) throws {
    let known = keys.allCases.map(\.stringValue)
    for key in try decoder.container(keyedBy: TextKey.self).allKeys
    where !known.contains(key.stringValue) {
        throw DecodingError.dataCorrupted(
            DecodingError.Context(
                codingPath: decoder.codingPath + [key],
                debugDescription: "there is no such key; there are \(known.joined(separator: ", "))"
            ))
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
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            (path, detail) = (context.codingPath, context.debugDescription)
        case .dataCorrupted(let context):
            (path, detail) = (context.codingPath, context.debugDescription)
        @unknown default: break
        }
    }
    let key = keyText(path)
    return Failure(
        "the daemon's configuration cannot be read\(key.isEmpty ? "" : " at `\(key)`"): \(detail)",
        at: file, hint: "mend it, or write it anew with `slipway init --force`",
        .wait(for: "a changed configuration"))
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
