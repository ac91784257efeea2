/// Returns the seconds of `30s`, `10m`, `2h`; nil for anything else, zero and over a year included.
func durationSeconds(_ text: String) -> Int? {
    let units = [("s", 1), ("m", 60), ("h", 3600)]
    for (unit, seconds) in units where text.hasSuffix(unit) {
        guard let count = wholeNumber(text.dropLast(unit.count)), count <= secondsMax / seconds,
            count > 0
        else { return nil }
        return count * seconds
    }
    return nil
}

private let secondsMax = 366 * 86_400

/// Returns the bytes of `512KiB`, `512MiB`, `2GiB`, `1TiB`; nil for anything else and for zero.
func sizeBytes(_ text: String) -> Int64? {
    let units: [(String, Int64)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ]
    for (unit, bytes) in units where text.hasSuffix(unit) {
        guard let count = wholeNumber(text.dropLast(unit.count)), count > 0, count <= 1 << 20
        else { return nil }
        return Int64(count) * bytes
    }
    return nil
}

private func wholeNumber(_ text: Substring) -> Int? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
}

/// Whether `text` can be a path below some folder: not empty, not absolute.
func isRelativePath(_ text: String) -> Bool { !text.isEmpty && !text.hasPrefix("/") }

/// Returns `path`, taken from `folder`, without `.` and `..`; nil when it leaves the repository
/// or names its root.
func repositoryPath(_ path: String, from folder: String = "") -> String? {
    var parts = folder.split(separator: "/")
    for part in path.split(separator: "/") where part != "." {
        if part == ".." {
            guard parts.popLast() != nil else { return nil }
        } else {
            parts.append(part)
        }
    }
    return parts.isEmpty || path.hasPrefix("/") ? nil : parts.joined(separator: "/")
}

/// Whether `text` is `host:port`; an IPv6 host stands in brackets.
func isAddress(_ text: String) -> Bool {
    guard let colon = text.lastIndex(of: ":") else { return false }
    let host = text[..<colon]
    let port = text[text.index(after: colon)...]
    let digits = port.utf8.allSatisfy { (48...57).contains($0) }
    let bracketed = host.hasPrefix("[") && host.hasSuffix("]")
    return !host.isEmpty && digits && UInt16(port) != nil && (bracketed || !host.contains(":"))
        && !host.contains { $0 == " " || $0 == "/" }
}
