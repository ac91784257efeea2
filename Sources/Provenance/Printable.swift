/// Returns the text without what could move a terminal's cursor, change the direction of writing
/// or end the line: names and messages in notes and tags were written by others.
func printable(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: scalars.append("?")
        default: scalars.append(scalar)
        }
    }
    return String(scalars)
}
