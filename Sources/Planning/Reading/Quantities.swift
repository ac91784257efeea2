package import Domain

/// Returns the seconds of `30s`, `10m`, `2h`, `7d`; nil for all else, for zero and over a year too.
func durationSeconds(_ text: String) -> Int? {
    let units = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
    for (unit, seconds) in units where text.hasSuffix(unit) {
        guard let count = wholeNumber(text.dropLast(unit.count)), count <= secondsMax / seconds,
            count > 0
        else { return nil }
        return count * seconds
    }
    return nil
}

private let secondsMax = 366 * 86_400

/// Returns the moment of `2026-12-20T00:00:00Z`; nil for any other zone and for what no calendar
/// has.
package func utcInstant(_ text: String) -> Instant? {
    let shape = "dddd-dd-ddTdd:dd:ddZ"
    guard text.utf8.count == shape.utf8.count,
        zip(text.utf8, shape.utf8).allSatisfy({ byte, wanted in
            wanted == UInt8(ascii: "d") ? (48...57).contains(byte) : byte == wanted
        })
    else { return nil }
    let fields = text.split { !$0.isNumber }.compactMap { Int64($0) }
    guard fields.count == 6, (1...12).contains(fields[1]), fields[2] >= 1,
        fields[2] <= days(inMonth: fields[1], of: fields[0]), fields[3] < 24, fields[4] < 60,
        fields[5] < 60
    else { return nil }
    let day = daysFromCivil(Int(fields[0]), Int(fields[1]), Int(fields[2]))
    return Instant(seconds: day * 86_400 + fields[3] * 3600 + fields[4] * 60 + fields[5])
}

private func days(inMonth month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

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
