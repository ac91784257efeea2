/// Where an object or a prefix of objects is kept, outside git.
///
/// Source of the forms: RFC 3986; `s3:` as the AWS command line writes it.
package enum ObjectAddress {
    /// What is wrong with a text as the address of one object; nil: nothing.
    static func problem(_ text: String) -> String? {
        guard let (scheme, host, path) = parts(of: text), ["s3", "https", "http"].contains(scheme)
        else { return "must begin with `s3://`, `https://` or `http://`" }
        if let problem = problem(ofHost: host) { return problem }
        if path.isEmpty || path.hasSuffix("/") { return "must name one object" }
        return hasControls(text) ? "holds a control character" : nil
    }

    /// What is wrong with a text as `s3://<bucket>/<prefix>/`; nil: nothing.
    static func prefixProblem(_ text: String) -> String? {
        guard let (scheme, host, _) = parts(of: text), scheme == "s3", text.hasSuffix("/"),
            text != "s3://\(host)"
        else { return "must be written as `s3://<bucket>/<prefix>/`" }
        if let problem = problem(ofHost: host) { return problem }
        return hasControls(text) ? "holds a control character" : nil
    }

    /// The scheme in lower case, the host (a bucket), and what follows the slash after it.
    static func parts(of text: String) -> (scheme: String, host: String, path: String)? {
        guard let mark = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<mark.lowerBound]
        let rest = text[mark.upperBound...]
        let isPlain = scheme.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == 0x2B
        }
        guard !scheme.isEmpty, isPlain else { return nil }
        let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        return (String(scheme), String(rest[..<slash]), String(rest[slash...].dropFirst()))
    }

    /// The name of a parameter in the query of an `https:` address that lets in whoever has it:
    /// what object stores and others sign addresses with; nil: there is none.
    ///
    /// Names are those of the signed URLs of S3 (`X-Amz-Signature`; before version 4 `Signature`),
    /// GCS (`X-Goog-Signature`), Azure (`sig`), and tokens and keys as services call them; a bare
    /// `key` or `code` may as well be a name, and counts where its value looks drawn by lot.
    package static func secretParameter(in text: String) -> String? {
        guard let (scheme, _, _) = parts(of: text), scheme != "s3" else { return nil }
        let marks: Set<Character> = ["?", "#", "&", ";"]
        for pair in text.split(whereSeparator: marks.contains).dropFirst() {
            let name = pair.prefix { $0 != "=" }
            let plain = percentDecoded(name).lowercased().filter { $0 != "-" && $0 != "_" }
            guard !plain.isEmpty, name.utf8.count < pair.utf8.count else { continue }
            let value = pair.dropFirst(name.count + 1)
            if secretNames.contains(plain) || secretEnds.contains(where: plain.hasSuffix)
                || ["key", "code"].contains(plain) && isRandom(value)
            {
                return String(name)
            }
        }
        return nil
    }

    private static let secretNames: Set<String> = [
        "sig", "auth", "authorization", "jwt", "hmac", "hdnea", "hdnts", "pwd", "passwd",
    ]
    private static let secretEnds = [
        "signature", "token", "credential", "credentials", "secret", "password", "apikey",
        "accesskeyid", "accesskey", "privatekey", "secretkey", "accountkey",
    ]

    /// Long, of digits and letters in both cases: no name of a file and no digest.
    private static func isRandom(_ value: Substring) -> Bool {
        let text = percentDecoded(value)
        return text.utf8.count >= 32
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_=+".contains($0)) }
            && text.contains(where: \.isNumber) && text.contains(where: \.isUppercase)
            && text.contains(where: \.isLowercase)
    }

    private static func percentDecoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let decoded = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What is said of such an address.
    static func secretFault(_ key: String, _ text: String) -> (what: String, hint: String)? {
        secretParameter(in: text).map { name in
            (
                "`\(key)` holds a secret, `\(quoted(name))`, which a commit would give away",
                "write `s3://<bucket>/<key>`, or the URL without its query; the daemon has keys of "
                    + "its own for its `sources`"
            )
        }
    }

    private static func problem(ofHost host: String) -> String? {
        if host.isEmpty { return "has no host or bucket" }
        // Because a password in git is a password lost.
        if host.utf8.contains(UInt8(ascii: "@")) { return "must not hold a name or a password" }
        return host.utf8.contains(0x20) ? "has a space in its host" : nil
    }

    private static func hasControls(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
    }
}
