/// Keeps names of signers apart that a person could take for each other.
///
/// Approvals are compared byte for byte, so that a look-alike never counts as somebody else. But
/// people read the file and the reports: whoever gets a second name beside their own that looks
/// like another reviewer's would be seen as that reviewer.
struct Lookalikes {
    /// Why a name is not taken.
    struct Doubt: Error, Hashable {
        var message: String
        var hint: String
    }

    /// The name that came first, by what it looks like.
    private var seen: [String: String] = [:]

    /// Returns why some name of a line is not taken; otherwise remembers all of them.
    mutating func doubt(about names: [String]) -> Doubt? {
        for name in names {
            if let doubt = Self.doubt(about: name) { return doubt }
            if let other = seen[Self.shape(of: name)], !other.utf8.elementsEqual(name.utf8),
                !(isASCII(other) && isASCII(name))
            {
                return Doubt(
                    message: "the name \(spelled(name)) looks like \(spelled(other)), which "
                        + "stands above",
                    hint: "write the name of one person in one way")
            }
        }
        for name in names { seen[Self.shape(of: name), default: name] = name }
        return nil
    }

    private static func doubt(about name: String) -> Doubt? {
        guard !isASCII(name) else { return nil }
        if name.unicodeScalars.contains(where: isInvisible) {
            return Doubt(
                message: "the name \(spelled(name)) has characters that cannot be seen",
                hint: "type the name anew")
        }
        let labels = name.unicodeScalars.split { !$0.properties.isAlphabetic }
        guard labels.contains(where: { Set($0.compactMap(script)).count > 1 }) else { return nil }
        return Doubt(
            message: "the name \(spelled(name)) mixes letters of several scripts",
            hint: "type the name anew")
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isDefaultIgnorableCodePoint { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .unassigned, .privateUse, .surrogate, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            true
        default: false
        }
    }

    /// The scripts whose letters look like each other's.
    private static func script(_ scalar: Unicode.Scalar) -> String? {
        if isASCII(String(scalar)) { return "LATIN" }
        let first = scalar.properties.name?.split(separator: " ").first.map(String.init)
        return first.flatMap {
            ["LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "FULLWIDTH"]
                .contains($0) ? $0 : nil
        }
    }

    /// Lower case, with letters of other scripts replaced by the Latin ones that they look like.
    private static func shape(of name: String) -> String {
        guard !isASCII(name) else { return name.lowercased() }
        let latin = name.lowercased().unicodeScalars.map { twins[$0] ?? $0 }
        return String(String.UnicodeScalarView(latin))
    }

    private static let twins: [Unicode.Scalar: Unicode.Scalar] = Dictionary(
        uniqueKeysWithValues: zip(
            "асеһіјӏкмнорԛѕтуѵԝхԁαικνορτυχω".unicodeScalars,
            "acehijlkmhopqstyvwxdaikvoptuxw".unicodeScalars))
}

private func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 128 } }

/// Returns foreign text in quotes, and behind it the scalars that are not ASCII, by number.
func spelled(_ text: String) -> String {
    let strange = text.unicodeScalars.filter { !$0.isASCII }.prefix(8).map { scalar in
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
    return quoted(text) + (strange.isEmpty ? "" : " (with \(strange.joined(separator: " ")))")
}
