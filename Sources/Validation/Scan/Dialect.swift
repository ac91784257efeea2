import Domain

/// The two bytes in which files of cells differ.
struct Dialect: Sendable, Equatable {
    /// An ASCII byte that is neither a quote nor the end of a line.
    var delimiter = UInt8(ascii: ",")
    var quote = UInt8(ascii: "\"")

    init() {}

    /// What is no single ASCII character stays as RFC 4180 has it; the manifest's reader refuses
    /// it.
    init(_ declared: TableDialect) {
        delimiter = byte(declared.delimiter) ?? delimiter
        quote = byte(declared.quote) ?? quote
    }

    private func byte(_ text: String) -> UInt8? {
        text.utf8.count == 1 ? text.utf8.first : nil
    }

    /// Hints at another delimiter when a header of one cell looks as if it had some.
    func hint(forHeader text: String) -> String? {
        let others = Array(";\t|,".utf8).filter { $0 != delimiter }
        let counts = others.map { other in text.utf8.count { $0 == other } }
        guard let most = counts.max(), most > 0, let place = counts.firstIndex(of: most) else {
            return nil
        }
        let other = others[place]
        let shown = other == 9 ? "\\t" : String(decoding: [other], as: UTF8.self)
        return "cells seem to be separated otherwise; declare `dialect: {delimiter: \"\(shown)\"}`"
    }
}
