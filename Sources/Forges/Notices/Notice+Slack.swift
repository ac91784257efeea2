import Domain

extension Notice {
    /// The body for an incoming webhook of Slack, Mattermost or another of its kind.
    ///
    /// `text` is what notifications show, the blocks are what the channel shows.
    package var slackBody: [UInt8] {
        var blocks = [section("*\(slackText(title))*")]
        if !text.isEmpty { blocks.append(section(slackText(text))) }
        var foot = slackText("\(event.rawValue), \(at)")
        if let link { foot = "<\(link.replacing("&", with: "&amp;"))|Details> · " + foot }
        blocks.append(
            .object([
                "type": .string("context"), "elements": .array([markdown(foot)]),
            ]))
        return JSONValue.object([
            "text": .string(slackText(title)), "blocks": .array(blocks),
        ]).jsonBytes
    }

    private func section(_ text: String) -> JSONValue {
        .object(["type": .string("section"), "text": markdown(text)])
    }

    private func markdown(_ text: String) -> JSONValue {
        .object(["type": .string("mrkdwn"), "text": .string(text)])
    }
}

/// Returns text that commands and calls nobody: `&`, `<` and `>` as Slack wants them, and words
/// such as `@channel`, which Mattermost obeys in any text, broken up by a space of no width.
///
/// At most `limit` UTF-16 units, and never half of an escape.
private func slackText(_ text: String, max limit: Int = 2_900) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
        let shown =
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "@": "@\u{200B}"
            default: String(scalar)
            }
        count += shown.utf16.count
        guard count < limit else { return result + "…" }
        result += shown
    }
    return result
}
