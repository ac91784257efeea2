/// Returns what others wrote as one line of text for HTML or XML, also between quotes.
///
/// Scalars are looked at, because a quote that a mark combines with is still a quote.
package func markupText(_ text: some StringProtocol, charactersMax: Int = .max) -> String {
    var result = ""
    for scalar in oneLine(text, charactersMax: charactersMax).unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        // What XML 1.0 cannot hold.
        case "\u{FFFE}", "\u{FFFF}": result += " "
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// Returns an HTML page without anything outside it, for light and dark.
///
/// - Parameters:
///   - title: as it is, not as markup.
///   - style: CSS.
///   - body: markup.
package func htmlPage(title: String, style: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(markupText(title))</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
}
