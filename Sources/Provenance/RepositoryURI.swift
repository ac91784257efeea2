/// Returns the repository's address as the URI that statements name, without any secret in it:
/// scheme and host in lower case (RFC 3986 6.2.2.1), no user and password over HTTP.
///
/// `git@host:path` is `ssh://git@host/path`, and a path on this machine is `file:///…`.
package func repositoryURI(_ address: String) -> String {
    guard let end = address.range(ofFirst: "://") else {
        if address.hasPrefix("/") { return "file://" + escaped(address) }
        guard let colon = address.firstIndex(of: ":"),
            !address[..<colon].contains("/")
        else { return "file:" + escaped(address) }
        let path = address[colon...].dropFirst()
        let slash = path.hasPrefix("/") ? "" : "/"
        return repositoryURI("ssh://\(address[..<colon])\(slash)\(path)")
    }
    let scheme = address[..<end.lowerBound].lowercased()
    let rest = address[end.upperBound...]
    let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    let authority = rest[..<authorityEnd]
    var host = String(authority)
    var user = ""
    if let at = authority.lastIndex(of: "@") {
        host = String(authority[at...].dropFirst())
        let name = authority[..<at].prefix { $0 != ":" }
        if scheme == "ssh", !name.isEmpty { user = "\(name)@" }
    }
    let path = rest[authorityEnd...].prefix { $0 != "?" && $0 != "#" }
    return "\(scheme)://\(escaped(user))\(escaped(host.lowercased()))\(escaped(String(path)))"
}

/// Percent-encodes what RFC 3986 does not let stand in an authority or a path.
func escaped(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        if isAllowed(byte) {
            bytes.append(byte)
        } else {
            bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

private func isAllowed(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-._~!$&'()*+,;=:@/%[]".utf8.contains(byte)
}

extension String {
    fileprivate func range(ofFirst mark: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(mark) {
                return start..<index(start, offsetBy: mark.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
