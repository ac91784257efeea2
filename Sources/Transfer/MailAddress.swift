/// Who sends or gets a mail: `anna@example.com`, or with a name `Anna <anna@example.com>`.
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// What people see; any Unicode text of one line.
    package let name: String?
    /// ASCII, without quotes and comments: a dot-atom on both sides of the `@`.
    package let address: String

    /// Reads both forms; a text that is neither is `malformedMail`.
    package init(_ text: String) throws(TransferError) {
        guard let open = text.lastIndex(of: "<") else {
            try self.init(name: nil, address: text)
            return
        }
        guard text.last == ">" else {
            throw .malformedMail(reason: "an address has `<` and does not end with `>`")
        }
        let name = text[..<open].drop { $0 == " " }
        let address = text[text.index(after: open)...].dropLast()
        var trimmed = name
        while trimmed.last == " " { trimmed.removeLast() }
        if trimmed.count > 1, trimmed.first == "\"", trimmed.last == "\"" {
            trimmed = trimmed.dropFirst().dropLast()
        }
        try self.init(
            name: trimmed.isEmpty ? nil : String(trimmed), address: String(address))
    }

    package init(name: String?, address: String) throws(TransferError) {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count <= 64, isDotAtom(parts[0]),
            isDotAtom(parts[1]), isHost(parts[1])
        else {
            throw .malformedMail(reason: "an address is not of the form user@example.com")
        }
        try checkLine(name ?? "", "the name in an address")
        self.name = name
        self.address = address
    }

    package var description: String { name.map { "\($0) <\(address)>" } ?? address }
}

/// Returns whether the text is a `dot-atom` of RFC 5322, section 3.2.3.
private func isDotAtom(_ text: Substring) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
        !atom.isEmpty
            && atom.utf8.allSatisfy {
                isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0)
            }
    }
}

/// Refuses a text that would end its header's line, or hide something in it.
func checkLine(_ text: String, _ what: String) throws(TransferError) {
    guard text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
        throw .malformedMail(reason: "\(what) holds a line break or another control character")
    }
}
