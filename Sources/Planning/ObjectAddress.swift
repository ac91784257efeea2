/// Where an object or a prefix of objects is kept, outside git.
///
/// Source of the forms: RFC 3986; `s3:` as the AWS command line writes it.
enum ObjectAddress {
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
