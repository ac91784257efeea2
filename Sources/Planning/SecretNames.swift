/// The name that a value is assigned to, and whether it tells that the value is a secret.
struct AssignedName {
    private static let bytesMax = 64
    private static let telling: Set = [
        "password", "passwd", "passphrase", "pwd", "pass", "secret", "token", "apikey",
    ]
    /// What makes a `key` a secret, as in `api_key`.
    private static let tellingKeys: Set = [
        "access", "account", "api", "auth", "encryption", "private", "secret", "signing",
    ]

    let text: String
    /// In lower case: `client`, `secret` of `clientSecret` and of `CLIENT_SECRET`.
    private let words: [String]

    private init(_ bytes: ArraySlice<UInt8>) {
        text = String(decoding: bytes, as: UTF8.self)
        var words: [[UInt8]] = [[]]
        var before: UInt8 = 0
        for byte in bytes {
            let isUpper = (65...90).contains(byte)
            if !isAlphanumeric(byte) || isUpper && (97...122).contains(before) { words.append([]) }
            if isAlphanumeric(byte) { words[words.count - 1].append(isUpper ? byte + 32 : byte) }
            before = byte
        }
        self.words = words.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names that stand before a sign: one, or two where the first has its type behind a
    /// colon, as in `token: str = "…"`.
    static func before(_ sign: Int, in bytes: [UInt8], from start: Int) -> [AssignedName] {
        guard let last = word(before: sign, in: bytes, from: start) else { return [] }
        var names = [AssignedName(bytes[last])]
        let colon = skip(Array(" \t".utf8), before: last.lowerBound, in: bytes, from: start)
        if colon > start, bytes[colon - 1] == UInt8(ascii: ":"),
            let first = word(before: colon - 1, in: bytes, from: start)
        {
            names.append(AssignedName(bytes[first]))
        }
        return names
    }

    private static func word(before sign: Int, in bytes: [UInt8], from start: Int) -> Range<Int>? {
        let end = skip(Array(" \t\"'`]?".utf8), before: sign, in: bytes, from: start)
        let least = max(start, end - bytesMax)
        var first = end
        while first > least, isNamePart(bytes[first - 1]) { first -= 1 }
        return first < end ? first..<end : nil
    }

    /// Where a few of these bytes before `end` begin.
    private static func skip(
        _ these: [UInt8], before end: Int, in bytes: [UInt8], from start: Int
    ) -> Int {
        let least = max(start, end - 4)
        var first = end
        while first > least, these.contains(bytes[first - 1]) { first -= 1 }
        return first
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "_-.".utf8.contains(byte)
    }

    var isTelling: Bool {
        guard let last = words.last else { return false }
        if Self.telling.contains(last) { return true }
        return last == "key" && words.dropLast().last.map(Self.tellingKeys.contains) ?? false
    }

    /// What a value assigned to this name looks like; nil: no secret.
    func kind(of value: ArraySlice<UInt8>) -> SecretFinding.Kind? {
        guard !isPlaceholder(value) else { return nil }
        let isAWS = words.contains("aws") || words.suffix(3) == ["secret", "access", "key"]
        if isAWS, words.contains("secret"), value.count == 40, value.allSatisfy(isBase64) {
            return String(decoding: value, as: UTF8.self).hasSuffix("EXAMPLEKEY") ? nil : .awsSecret
        }
        let kinds = CharacterKinds(value)
        let isLong = value.count >= 16 && kinds.digits > 0 && kinds.letters > 0
        let isPassword = words.last?.hasPrefix("pass") == true || words.last == "pwd"
        let isStrong = isPassword && value.count >= 10 && kinds.different >= 3
        return (isLong || isStrong) && hasEntropy(value) ? .assigned : nil
    }
}

/// How many characters of each kind a value has.
private struct CharacterKinds {
    private(set) var digits = 0
    private(set) var letters: Int
    private(set) var different: Int

    init(_ value: ArraySlice<UInt8>) {
        var (upper, lower, others) = (0, 0, 0)
        for byte in value {
            switch byte {
            case 48...57: digits += 1
            case 65...90: upper += 1
            case 97...122: lower += 1
            default: others += 1
            }
        }
        letters = upper + lower
        different = [digits, upper, lower, others].count { $0 > 0 }
    }
}

/// Whether the value stands for one that comes from elsewhere.
private func isPlaceholder(_ value: ArraySlice<UInt8>) -> Bool {
    let signs = Array(" \t<>{}()[]$%".utf8)
    guard let first = value.first, !"/.~@&*!".utf8.contains(first),
        !value.contains(where: signs.contains)
    else { return true }
    let text = String(decoding: value, as: UTF8.self).lowercased()
    let words = ["example", "changeme", "change-me", "placeholder", "your", "dummy", "xxxx", "://"]
    return words.contains { text.contains($0) }
}

/// Whether two characters of the value, drawn at random, are equal less often than one time in
/// eight: a collision entropy of three bits a character, which words repeated do not have.
private func hasEntropy(_ value: ArraySlice<UInt8>) -> Bool {
    var counts = [Int](repeating: 0, count: 256)
    for byte in value { counts[Int(byte)] += 1 }
    let pairs = counts.reduce(0) { $0 + $1 * $1 }
    return value.count * value.count >= 8 * pairs
}
