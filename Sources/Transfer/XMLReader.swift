/// One element of an XML document: its text without markup, and the elements in it.
struct XMLNode: Hashable, Sendable {
    /// Without the prefix of a name space.
    var name: String
    var text = ""
    var children: [XMLNode] = []

    /// The text of the first child of this name.
    func text(of name: String) -> String? { children.first { $0.name == name }?.text }
}

/// Reads the plain XML that object stores write: elements, attributes, text, the five named
/// entities and numbers of characters.
///
/// Everything else (document types, comments, other instructions) is refused, so nothing can
/// make it fetch, expand or go deep. The size is bounded by who hands the bytes over.
struct XMLReader {
    private static let depthMax = 16
    private let bytes: [UInt8]
    private var at = 0

    /// Why a document is refused.
    struct Fault: Error { var reason: String }

    static func read(_ bytes: [UInt8]) throws(Fault) -> XMLNode {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(reason: "it is not UTF-8")
        }
        var reader = XMLReader(bytes: Array(text.utf8))
        return try reader.document()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func document() throws(Fault) -> XMLNode {
        _ = skip("\u{FEFF}")
        skipSpace()
        if skip("<?xml") {
            guard let end = find("?>") else { throw Fault(reason: "its first line does not end") }
            at = end + 2
        }
        skipSpace()
        guard skip("<") else { throw Fault(reason: "it has no element") }
        let root = try element(depth: 1)
        skipSpace()
        guard at == bytes.count else { throw Fault(reason: "something stands behind its end") }
        return root
    }

    /// Reads an element whose `<` was read.
    private mutating func element(depth: Int) throws(Fault) -> XMLNode {
        guard depth <= Self.depthMax else { throw Fault(reason: "it is nested too deep") }
        let name = try self.name()
        var node = XMLNode(name: local(name))
        if try attributes() { return node }
        while true {
            let start = at
            while at < bytes.count, bytes[at] != UInt8(ascii: "<") { at += 1 }
            node.text += try unescaped(bytes[start..<at])
            guard skip("<") else { throw Fault(reason: "`\(node.name)` does not end") }
            guard skip("/") else {
                node.children.append(try element(depth: depth + 1))
                continue
            }
            guard try self.name() == name else {
                throw Fault(reason: "`\(node.name)` ends as another element")
            }
            skipSpace()
            guard skip(">") else { throw Fault(reason: "the end of `\(node.name)` is open") }
            if !node.children.isEmpty { node.text = "" }
            return node
        }
    }

    /// Passes the attributes over; returns whether the element has ended with them.
    private mutating func attributes() throws(Fault) -> Bool {
        while true {
            skipSpace()
            if skip("/>") { return true }
            if skip(">") { return false }
            _ = try name()
            skipSpace()
            guard skip("=") else { throw Fault(reason: "an attribute has no value") }
            skipSpace()
            guard at < bytes.count,
                bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'")
            else { throw Fault(reason: "an attribute has no value") }
            let quote = bytes[at]
            at += 1
            while at < bytes.count, bytes[at] != quote { at += 1 }
            guard at < bytes.count else { throw Fault(reason: "an attribute does not end") }
            at += 1
        }
    }

    private mutating func name() throws(Fault) -> String {
        let start = at
        while at < bytes.count, isAlphanumeric(bytes[at]) || "-._:".utf8.contains(bytes[at]) {
            at += 1
        }
        guard at > start else { throw Fault(reason: "markup that is no element") }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private func local(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }

    private func unescaped(_ raw: ArraySlice<UInt8>) throws(Fault) -> String {
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        var text = ""
        var rest = raw
        while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
            text += String(decoding: rest[rest.startIndex..<start], as: UTF8.self)
            guard let end = rest[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
                throw Fault(reason: "an `&` stands alone")
            }
            text.unicodeScalars.append(
                try scalar(String(decoding: rest[(start + 1)..<end], as: UTF8.self)))
            rest = rest[(end + 1)...]
        }
        return text + String(decoding: rest, as: UTF8.self)
    }

    private func scalar(_ name: String) throws(Fault) -> Unicode.Scalar {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let digits = name.dropFirst(name.hasPrefix("#x") ? 2 : 1)
            guard name.hasPrefix("#"), digits.first != "+",
                let number = UInt32(digits, radix: name.hasPrefix("#x") ? 16 : 10),
                let scalar = Unicode.Scalar(number)
            else { throw Fault(reason: "an entity that is not known") }
            return scalar
        }
    }

    private mutating func skipSpace() {
        while at < bytes.count, [9, 10, 13, 32].contains(bytes[at]) { at += 1 }
    }

    private mutating func skip(_ text: String) -> Bool {
        guard bytes[at...].starts(with: text.utf8) else { return false }
        at += text.utf8.count
        return true
    }

    private func find(_ text: String) -> Int? {
        let wanted = Array(text.utf8)
        return bytes.indices.dropFirst(at).first { bytes[$0...].starts(with: wanted) }
    }
}
