import Domain

/// How git writes a person: `Name <mail> seconds zone`, with nothing in the first two that could
/// be taken for the end of them.
extension Person {
    /// The text in a commit or tag header.
    var headerText: String {
        let name = Self.clean(name)
        return "\(name.isEmpty ? "unknown" : name) <\(Self.clean(email))> \(when.seconds) +0000"
    }

    /// Reads `Name <mail> 1700000000 +0100`; a time that is missing or broken is the epoch.
    init(headerText text: String) {
        let afterMail = text.utf8.lastIndex(of: UInt8(ascii: ">")).map { text.index(after: $0) }
        let words = text[(afterMail ?? text.endIndex)...].split(separator: " ")
        self.init(
            contact: String(text[..<(afterMail ?? text.endIndex)]),
            when: Instant(gitSeconds: words.first.flatMap { Int64($0) } ?? 0))
    }

    /// Reads `Name <mail>`; any other text is a name without a mail address.
    init(contact text: String, when: Instant) {
        let bytes = Array(text.utf8)
        guard let open = bytes.firstIndex(of: UInt8(ascii: "<")),
            let close = bytes.lastIndex(of: UInt8(ascii: ">")), open < close
        else {
            self.init(name: Self.trimmed(bytes[...]), email: "", when: when)
            return
        }
        self.init(
            name: Self.trimmed(bytes[..<open]), email: Self.trimmed(bytes[(open + 1)..<close]),
            when: when)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.trimming { $0 <= 32 }, as: UTF8.self)
    }

    /// Without what git strips too: `ident.c`, `strbuf_addstr_without_crud`.
    private static func clean(_ text: String) -> String {
        let crud = Set(".,:;<>\"\\'".utf8)
        let inner = Array(text.utf8)[...].trimming { $0 <= 32 || crud.contains($0) }
        let dropped: Set<UInt8> = [0, 10, UInt8(ascii: "<"), UInt8(ascii: ">")]
        return String(decoding: inner.filter { !dropped.contains($0) }, as: UTF8.self)
    }
}

extension Instant {
    /// The moment that a commit or tag names; what no calendar reaches is cut to 35 million years.
    ///
    /// Because a forged header may hold any number and milliseconds must not overflow.
    init(gitSeconds seconds: Int64) {
        self.init(seconds: Swift.min(Swift.max(seconds, -1 << 50), 1 << 50))
    }
}

extension ArraySlice<UInt8> {
    /// Without the bytes at both ends for which `isCrud` is true.
    func trimming(_ isCrud: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        guard let first = firstIndex(where: { !isCrud($0) }),
            let last = lastIndex(where: { !isCrud($0) })
        else { return [] }
        return self[first...last]
    }
}
