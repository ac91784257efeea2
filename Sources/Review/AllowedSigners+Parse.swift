package import Domain

/// Why one line is set aside.
private struct BadLine: Error {
    var message: String
    var hint: String?
}

extension AllowedSigners {
    /// Reads `principals [options] keytype base64 [comment]` lines; `#` starts a comment line.
    ///
    /// A bad line is set aside with a diagnostic; the others count all the same.
    package static func parsing(
        _ text: String, file: String = "allowed_signers"
    ) -> (value: AllowedSigners, diagnostics: [Diagnostic]) {
        var lines: [Line] = []
        var names = Lookalikes()
        let diagnostics = parseLines(text, file: file) { words, number throws(BadLine) in
            let line = try line(words, number: number)
            if let doubt = names.doubt(about: line.principals.texts) {
                throw BadLine(message: doubt.message, hint: doubt.hint)
            }
            lines.append(line)
        }
        return (AllowedSigners(lines: lines), diagnostics)
    }

    private static func line(_ words: LineWords, number: Int) throws(BadLine) -> Line {
        var words = words
        guard !words.hasControls else { throw BadLine(message: "the line has a control character") }
        guard let names = words.next() else { throw BadLine(message: "the line is empty") }
        let principals = PatternList(inQuotes(names) ?? names)
        guard !principals.isEmpty else { throw BadLine(message: "the line names no principal") }
        try checkNames(principals.texts)
        var options = SignerOptions()
        var type = words.next()
        if let word = type, !isKeyType(word) {
            options = try signerOptions(word)
            type = words.next()
        }
        let key: SSHPublicKey
        do throws(ReviewError) {
            key = try SSHPublicKey(blob: try keyBlob(type: type, base64: words.next()))
        } catch {
            throw BadLine(message: error.description, hint: error.hint)
        }
        return Line(
            number: number, principals: principals, key: key, isAuthority: options.isAuthority,
            namespaces: options.namespaces, validAfter: options.validAfter,
            validBefore: options.validBefore)
    }
}

/// Options that stand beside the names by mistake would be names, and limit nothing.
private func checkNames(_ names: [String]) throws(BadLine) {
    for name in names where name.utf8.contains(UInt8(ascii: "\"")) || name == "cert-authority" {
        throw BadLine(
            message: "\(quoted(name)) is no name of a principal",
            hint: "put a space, not a comma, between names and options")
    }
}

extension RevokedKeys {
    /// Reads the bytes of a file: the binary list that `ssh-keygen -k` writes, or lines.
    ///
    /// Of a binary list that cannot be understood in full nothing is used: then every key counts
    /// as revoked, and a diagnostic says why.
    package static func parsing(
        bytes: [UInt8], file: String = "revoked_keys"
    ) -> (value: RevokedKeys, diagnostics: [Diagnostic]) {
        guard bytes.starts(with: RevocationList.magic.dropLast(2)) else {
            return parsing(String(decoding: bytes, as: UTF8.self), file: file)
        }
        do throws(ReviewError) {
            let list = try RevocationList(bytes)
            let note = Diagnostic(
                .warning, at: Place(file: file),
                "the list carries a signature, which is not checked",
                hint: "what counts is who can write this file")
            return (list.revoked, list.isSigned ? [note] : [])
        } catch {
            return unreadable(error.description, file: file)
        }
    }

    private static func unreadable(
        _ reason: String, file: String
    ) -> (value: RevokedKeys, diagnostics: [Diagnostic]) {
        var value = RevokedKeys()
        value.unreadable = reason
        let diagnostic = Diagnostic(
            at: Place(file: file), "no key counts, because the list cannot be read: \(reason)",
            hint: "ssh-keygen -Q -l -f \(shellWord(file))")
        return (value, [diagnostic])
    }

    /// Reads lines as in authorized_keys: whatever stands before the key type is passed over.
    ///
    /// A certificate revokes the key inside. The binary list is no text: decoded as such it is
    /// refused, and every key counts as revoked.
    package static func parsing(
        _ text: String, file: String = "revoked_keys"
    ) -> (value: RevokedKeys, diagnostics: [Diagnostic]) {
        guard !text.utf8.starts(with: RevocationList.magic.dropLast(2)) else {
            return unreadable("a binary list was read as text", file: file)
        }
        guard !text.utf8.contains(0) else {
            return unreadable("it is neither text nor a binary list", file: file)
        }
        var value = RevokedKeys()
        let diagnostics = parseLines(text, file: file) { words, _ throws(BadLine) in
            var words = words
            var type = words.next()
            while let word = type, !isKeyType(word) { type = words.next() }
            do throws(ReviewError) {
                value.blobs.insert(
                    try plainKey(try keyBlob(type: type, base64: words.next())))
            } catch {
                throw BadLine(message: "this key is NOT revoked: \(error.description)")
            }
        }
        return (value, diagnostics)
    }
}

private func parseLines(
    _ text: String, file: String, _ parse: (LineWords, Int) throws(BadLine) -> Void
) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var hidden = 0
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
        var words = LineWords(line: Array(line))
        guard let first = words.next(), first.utf8.first != UInt8(ascii: "#") else { continue }
        do throws(BadLine) {
            try parse(LineWords(line: Array(line)), index + 1)
        } catch {
            guard diagnostics.count < diagnosticsMax else {
                hidden += 1
                continue
            }
            let place = Place(file: file, line: index + 1)
            diagnostics.append(Diagnostic(at: place, error.message, hint: error.hint))
        }
    }
    if hidden > 0 {
        diagnostics.append(Diagnostic(at: Place(file: file), "and \(hidden) more lines are wrong"))
    }
    return diagnostics
}

/// How many findings about one file are kept; the others are counted.
let diagnosticsMax = 1000

/// The words of one line; white space inside double quotes does not end a word.
private struct LineWords {
    private var rest: ArraySlice<UInt8>

    init(line: [UInt8]) { rest = line[...] }

    /// There are control characters besides tabs and a CR at the end.
    var hasControls: Bool {
        let line = rest.last == 13 ? rest.dropLast() : rest
        return !line.allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 }
    }

    mutating func next() -> String? {
        rest = rest.drop { $0 == 32 || $0 == 9 || $0 == 13 }
        var isQuoted = false
        var previous: UInt8 = 0
        let word = rest.prefix { byte in
            if byte == UInt8(ascii: "\""), previous != UInt8(ascii: "\\") { isQuoted.toggle() }
            previous = byte
            return isQuoted || (byte != 32 && byte != 9 && byte != 13)
        }
        rest = rest.dropFirst(word.count)
        return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
    }
}

private func isKeyType(_ word: String) -> Bool {
    ["ssh-", "ecdsa-", "sk-", "rsa-"].contains { word.hasPrefix($0) }
}

/// Decodes a key as key files hold it; the type is said twice, and both must agree.
private func keyBlob(type: String?, base64: String?) throws(ReviewError) -> [UInt8] {
    guard let type, let base64 else { throw .truncated(field: "public key") }
    guard let blob = decodeBase64(base64.utf8) else { throw .fieldMalformed("key's base64") }
    var reader = SSHReader(blob)
    guard try reader.text("key type") == type else { throw .fieldMalformed("key type") }
    return blob
}

/// Returns what stands between double quotes; nil when the word is not one pair around the rest.
private func inQuotes(_ word: String) -> String? {
    let bytes = word.utf8
    guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\""),
        !bytes.dropFirst().dropLast().contains(UInt8(ascii: "\""))
    else { return nil }
    return String(word.dropFirst().dropLast())
}

private struct SignerOptions {
    var isAuthority = false
    var namespaces: PatternList?
    var validAfter: Instant?
    var validBefore: Instant?
}

/// Reads `name` and `name="value"` options between commas; names ignore case.
private func signerOptions(_ word: String) throws(BadLine) -> SignerOptions {
    var options = SignerOptions()
    for option in splitOutsideQuotes(word) {
        let parts = option.split(separator: "=", maxSplits: 1)
        let name = parts.first?.lowercased() ?? ""
        let value = parts.count == 2 ? inQuotes(String(parts[1])) : nil
        switch (name, value) {
        case ("cert-authority", nil) where !option.utf8.contains(UInt8(ascii: "=")):
            options.isAuthority = true
        case ("namespaces", let value?) where options.namespaces == nil:
            options.namespaces = PatternList(value)
        case ("valid-after", let value?) where options.validAfter == nil:
            options.validAfter = try signerTime(value)
        case ("valid-before", let value?) where options.validBefore == nil:
            options.validBefore = try signerTime(value)
        default: throw BadLine(message: "the option \(quoted(option)) is unknown or repeated")
        }
    }
    if let after = options.validAfter, let before = options.validBefore, before <= after {
        throw BadLine(message: "valid-before is not later than valid-after")
    }
    return options
}

private func splitOutsideQuotes(_ word: String) -> [String] {
    var isQuoted = false
    let parts = word.utf8.split(omittingEmptySubsequences: false) { byte in
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        return byte == UInt8(ascii: ",") && !isQuoted
    }
    return parts.map { String(decoding: Array($0), as: UTF8.self) }
}

/// Reads `YYYYMMDD[HHMM[SS]]Z`. Without the Z OpenSSH means local time, which differs by machine.
private func signerTime(_ text: String) throws(BadLine) -> Instant {
    guard text.utf8.last == UInt8(ascii: "Z") else {
        throw BadLine(
            message: "the time \(quoted(text)) does not end in Z, so it depends on the machine",
            hint: "write it in UTC: \(text)Z")
    }
    let digits = text.utf8.dropLast().map { Int64($0) - 48 }
    guard [8, 12, 14].contains(digits.count), digits.allSatisfy({ (0...9).contains($0) }) else {
        throw BadLine(message: "the time \(quoted(text)) is not YYYYMMDD[HHMM[SS]]Z")
    }
    func number(_ range: Range<Int>) -> Int64 {
        range.upperBound <= digits.count ? digits[range].reduce(0) { $0 * 10 + $1 } : 0
    }
    let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
    let seconds = number(8..<10) * 3600 + number(10..<12) * 60 + number(12..<14)
    let instant = Instant(seconds: daysFromCivil(year, month, day) * 86_400 + seconds)
    let back = instant.description.utf8.filter { (48...57).contains($0) }.map { Int64($0) - 48 }
    // Because an impossible date, such as 30 February, comes back as another one.
    guard back == digits + [Int64](repeating: 0, count: 14 - digits.count) else {
        throw BadLine(message: "the time \(quoted(text)) does not exist")
    }
    return instant
}

/// Days from 1970-01-01, by Howard Hinnant's `days_from_civil`, for years from 0.
private func daysFromCivil(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}
