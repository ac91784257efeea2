extension Unicode.Scalar {
    /// Whether it ends a line, makes a terminal obey, or turns the direction of writing, so that a
    /// text can look like another one.
    ///
    /// Joiners and the zero-width space are let be: scripts and Markdown need them.
    package var isUnprintable: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
        case .format: !(0x200B...0x200D).contains(value)
        default: false
        }
    }
}

/// Returns what others wrote in one line that shows only what it is: refs, comments, paths and
/// answers of servers were not written by us.
///
/// What ends a line or moves a cursor becomes a space; other marks that do not show are left out;
/// behind `charactersMax` Unicode scalars stands `…`.
package func oneLine(_ text: some StringProtocol, charactersMax: Int = .max) -> String {
    var line = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
        let isMark = scalar.properties.generalCategory == .format
        if scalar.isUnprintable, isMark { continue }
        guard count < charactersMax else {
            line.append("…")
            break
        }
        line.append(scalar.isUnprintable ? " " : scalar)
        count += 1
    }
    return String(line)
}

/// A text with small letters of ASCII in the place of capital ones, and no other letter changed.
package func smallLetters(_ text: String) -> String {
    String(
        decoding: text.utf8.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 },
        as: UTF8.self)
}
