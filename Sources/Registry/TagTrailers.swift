/// The subject and the trailers of a tag's message.
struct TagTrailers {
    var subject: String
    private var pairs: [(name: String, value: String)] = []

    /// Takes the first line, and the `Name: value` lines of the last paragraph before a signature.
    init(parsing text: String) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: Array($0), as: UTF8.self) }
        let signed = lines.firstIndex { $0.hasPrefix("-----BEGIN ") } ?? lines.endIndex
        let body = lines[..<signed]
        subject = body.first ?? ""
        let end = body.lastIndex { !$0.isEmpty } ?? 0
        let start = body[..<end].lastIndex(of: "") ?? end
        for line in body.dropFirst(start + 1) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[1].hasPrefix(" ") else { continue }
            pairs.append((String(parts[0]), String(parts[1].dropFirst())))
        }
    }

    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// Returns the one value; none, several and unreadable ones are errors.
    func one<Value>(
        _ name: String, _ read: (String) -> Value?
    ) throws(RegistryError) -> Value {
        guard let value = try optional(name, read) else {
            throw .messageMalformed(trailer: name, value: "")
        }
        return value
    }

    /// Returns nil when the trailer is not there; several and unreadable ones are errors.
    func optional<Value>(
        _ name: String, _ read: (String) -> Value?
    ) throws(RegistryError) -> Value? {
        let values = all(name)
        guard let first = values.first else { return nil }
        guard values.count == 1, let value = read(first) else {
            throw .messageMalformed(trailer: name, value: values.joined(separator: ", "))
        }
        return value
    }
}
