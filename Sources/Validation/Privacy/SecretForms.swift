/// Keys and tokens whose beginning says what they open.
enum SecretForms {
    /// A beginning, and how many letters must follow at least.
    private struct Form {
        let head: [UInt8]
        let least: Int
        /// Capital letters and digits alone may follow.
        var isUpper = false

        init(_ head: StaticString, _ least: Int, isUpper: Bool = false) {
            self.head = head.withUTF8Buffer { unsafe Array($0) }
            self.least = least
            self.isUpper = isUpper
        }
    }

    /// As their issuers document them, by their first letter: clouds, code hosts, package
    /// registries, chats, payments, models.
    private static let forms: [[Form]] = {
        let all = [
            Form("AKIA", 16, isUpper: true), Form("ASIA", 16, isUpper: true), Form("AIza", 35),
            Form("ya29.", 20), Form("ghp_", 36), Form("gho_", 36), Form("ghu_", 36),
            Form("ghs_", 36), Form("ghr_", 36), Form("github_pat_", 22), Form("glpat-", 20),
            Form("npm_", 36), Form("pypi-AgE", 50), Form("dop_v1_", 64), Form("hf_", 34),
            Form("xoxb-", 20), Form("xoxp-", 20), Form("xoxa-", 20), Form("xoxr-", 20),
            Form("xoxs-", 20), Form("xapp-", 20), Form("sk_live_", 24), Form("rk_live_", 24),
            Form("sk-proj-", 20), Form("sk-ant-", 20), Form("shpat_", 32),
            Form("AGE-SECRET-KEY-1", 50, isUpper: true),
        ]
        return (0..<256).map { first in all.filter { Int($0.head[0]) == first } }
    }()

    /// Whether one begins here, at a letter that no letter stands before.
    static func isOne(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
        for form in forms[Int(bytes[rest.lowerBound])] {
            guard isBehind(bytes, rest, form.head) else { continue }
            var count = 0
            for index in rest.dropFirst(form.head.count) {
                let byte = bytes[index]
                guard form.isUpper ? isUpper(byte) : isTokenLetter(byte) else { break }
                count += 1
                if count >= form.least { return true }
            }
        }
        return isWebToken(bytes, rest)
    }

    private static let webTokenHead = Array("eyJ".utf8)

    /// A signed JSON Web Token (RFC 7519): three parts in base64url joined by points, of which the
    /// first two begin as `{"` does.
    private static func isWebToken(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
        var start = rest.lowerBound
        guard isBehind(bytes, rest, webTokenHead) else { return false }
        for part in 0..<3 {
            if part == 1, !isBehind(bytes, start..<rest.upperBound, webTokenHead) { return false }
            var end = start
            while end < rest.upperBound, isTokenLetter(bytes[end]) { end += 1 }
            guard end - start >= 10 else { return false }
            guard part < 2 else { return true }
            guard end < rest.upperBound, bytes[end] == UInt8(ascii: ".") else { return false }
            start = end + 1
        }
        return false
    }

    /// Whether the text begins so.
    static func isBehind(_ bytes: Span<UInt8>, _ rest: Range<Int>, _ text: [UInt8]) -> Bool {
        guard rest.count >= text.count else { return false }
        for (offset, byte) in text.enumerated() where bytes[rest.lowerBound + offset] != byte {
            return false
        }
        return true
    }

    private static func isTokenLetter(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private static func isUpper(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "A") < 26 || isDigit(byte)
    }
}
