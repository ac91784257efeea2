/// A regular expression that a whole text must match.
///
/// It is a regular expression in the strict sense: what it says is decided in one walk over the
/// text, whose time grows with the text's length and not with the ways in which its parts may
/// match. What needs more than that (back references, look-around) is refused when it is read.
package struct TextPattern: Sendable {
    /// As it was written.
    package let text: String
    package let net: PatternNet

    /// Reads a pattern; what is wrong is named with its place in it.
    package init(_ text: String) throws(PatternError) {
        var parser = PatternParser(text)
        let tree = try parser.parse()
        self.text = text
        net = try PatternNet(tree, classes: parser.classes)
    }
}

extension TextPattern: Hashable {
    package static func == (left: TextPattern, right: TextPattern) -> Bool {
        left.text == right.text
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
