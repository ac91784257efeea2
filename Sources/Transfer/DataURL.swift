/// Where data is: `s3://bucket/key`, `https://host/path`, `http://host/path` or `file:///path`.
///
/// Its parts are those that are asked for, so that what is allowed and what is read cannot
/// differ: no user, no `.` or `..`, nothing hidden behind `%2F`. The key of an object and the path
/// of a file are taken as they are written, without `%XX`.
package struct DataURL: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: String, Hashable, Sendable, CaseIterable {
        case store = "s3"
        case secureWeb = "https"
        case web = "http"
        case file
    }

    package let text: String
    package let scheme: Scheme
    /// The bucket; of the web `host:port`; of a file nothing.
    package let authority: String
    /// The names between the slashes, of the web decoded; behind a slash at the end the last is
    /// empty.
    package let names: [String]

    /// Throws `malformedURL` with what is wrong.
    package init(_ text: String) throws(TransferError) {
        guard text.utf8.count <= WebAddress.bytesMax else {
            throw .malformedURL(reason: "it has more than \(WebAddress.bytesMax) bytes")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 32 || (127...159) ~= $0.value })
        else { throw .malformedURL(reason: "it has a control character") }
        guard let scheme = Scheme.allCases.first(where: { text.hasPrefix("\($0.rawValue)://") })
        else {
            throw .malformedURL(
                reason: "it does not start with s3://, https://, http:// or file://")
        }
        let rest = text.dropFirst(scheme.rawValue.count + 3)
        self.text = text
        self.scheme = scheme
        switch scheme {
        case .store: (authority, names) = try Self.object(rest)
        case .secureWeb, .web: (authority, names) = try Self.page(text)
        case .file:
            guard rest.hasPrefix("/") else {
                throw .malformedURL(reason: "a file is written as file:///path")
            }
            (authority, names) = ("", try Self.plain(rest.dropFirst(), "path"))
            guard !names.dropLast().contains("") else {
                throw .malformedURL(reason: "its path has two slashes side by side")
            }
        }
    }

    /// Of an object its key, of a file its path on the disk, of the web the path, decoded.
    package var path: String {
        (scheme == .file ? "/" : "") + names.joined(separator: "/")
    }

    package var description: String { text }

    /// The address without its query, which may be a secret.
    package var shown: String {
        isWeb ? String(text.prefix { $0 != "?" }) : text
    }

    /// Whether it is the prefix or lies below it; a prefix ends where a name ends.
    package func isBelow(_ prefix: DataURL) -> Bool {
        guard scheme == prefix.scheme, authority == prefix.authority else { return false }
        let above =
            prefix.names.last?.isEmpty ?? false ? prefix.names.dropLast() : prefix.names[...]
        return names.starts(with: above)
    }

    /// The address of what lies below it: the names are added behind a slash.
    package func appending(_ path: String) throws(TransferError) -> DataURL {
        let written = isWeb ? percentEncoded(path, keepingSlashes: true) : path
        return try DataURL(text.hasSuffix("/") ? text + written : "\(text)/\(written)")
    }

    private var isWeb: Bool { scheme == .web || scheme == .secureWeb }

    private static func plain(
        _ path: Substring, _ what: String
    ) throws(TransferError) -> [String] {
        let names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard !names.contains(where: { $0 == "." || $0 == ".." }) else {
            throw .malformedURL(reason: "its \(what) has the name `.` or `..`")
        }
        return names
    }

    private static func object(
        _ rest: Substring
    ) throws(TransferError) -> (String, [String]) {
        let bucket = rest.prefix { $0 != "/" }
        guard (1...63).contains(bucket.utf8.count), bucket.first != ".", bucket.first != "-",
            bucket.utf8.allSatisfy({
                (48...57).contains($0) || (97...122).contains($0) || "-._".utf8.contains($0)
            })
        else {
            throw .malformedURL(reason: "its bucket is no name of lower-case letters and digits")
        }
        let names = try plain(rest.dropFirst(bucket.count + 1), "key")
        return (String(bucket), names)
    }

    private static func page(_ text: String) throws(TransferError) -> (String, [String]) {
        let address = try WebAddress(text)
        guard !text.contains("#") else { throw .malformedURL(reason: "it has a `#`") }
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        let path = address.pathAndQuery.prefix { $0 != "?" }
        return ("\(host):\(address.port)", try decoded(path.dropFirst()))
    }

    /// Returns the names of a path, which must mean the same to everybody who reads it.
    private static func decoded(_ path: Substring) throws(TransferError) -> [String] {
        let written = path.split(separator: "/", omittingEmptySubsequences: false)
        var names: [String] = []
        for (index, part) in written.enumerated() {
            guard let name = percentDecoded(part), !name.contains("/"), !name.contains("\\"),
                !name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
            else { throw .malformedURL(reason: "its path has an illegal character") }
            // Because some servers cut off what follows a semicolon.
            let plain = name.prefix { $0 != ";" }
            guard plain != ".", plain != ".." else {
                throw .malformedURL(reason: "its path has the name `.` or `..`")
            }
            guard !name.isEmpty || index == written.count - 1 else {
                throw .malformedURL(reason: "its path has two slashes side by side")
            }
            names.append(name)
        }
        return names
    }
}

/// Returns the text that `%XX` stands for; nil: it is not well formed, or not UTF-8.
private func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        let digits = rest.prefix(2)
        guard digits.count == 2, digits.allSatisfy(isHexDigit),
            let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}

private func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
}
