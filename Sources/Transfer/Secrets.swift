/// Texts that may stand in no error.
struct Secrets: Sendable {
    private let texts: [String]

    init(_ texts: [String]) { self.texts = texts.filter { !$0.isEmpty } }

    /// Returns one printable line of a foreign text; `plain` when it is empty or holds a secret.
    ///
    /// The whole text goes, because cutting out a short secret would show where it stood.
    func cleaned(_ foreign: String, or plain: String) -> String {
        if texts.contains(where: { foreign.contains($0) }) { return plain }
        let printable = foreign.unicodeScalars.map { scalar in
            scalar.value < 32 || (127...159).contains(scalar.value) ? " " : scalar
        }
        var line = String(String.UnicodeScalarView(printable))
        while line.last == " " || line.last == "." { line.removeLast() }
        return line.isEmpty ? plain : String(line.prefix(200))
    }
}
