import Domain

/// Renders a review sheet as Markdown with tables, for a pull request.
package func markdown(of sheet: ReviewSheet) -> String {
    var parts = ["## \(plain(sheet.title))", plain(sheet.subtitle)]
    for section in sheet.sections {
        parts.append("### \(plain(section.title))")
        switch section.content {
        case .lines(let lines):
            parts.append(
                lines.map { "- \(mark($0.tone))\(plain($0.text))" }.joined(separator: "\n"))
        case .grid(let grid):
            parts.append(table(grid))
            if !grid.more.isEmpty { parts.append(plain(grid.more)) }
        case .commands(let commands):
            parts.append("```sh\n\(commands.map { oneLine($0) }.joined(separator: "\n"))\n```")
        }
    }
    return parts.joined(separator: "\n\n") + "\n"
}

private func table(_ grid: SheetSection.Grid) -> String {
    let rule = grid.header.indices.map { grid.left.contains($0) ? "---" : "---:" }
    let rows = grid.rows.map { row in
        row.cells.enumerated().map { column, cell in
            column == 0 ? mark(row.tone) + plain(cell) : plain(cell)
        }
    }
    return ([grid.header.map(plain), rule] + rows)
        .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
}

private func mark(_ tone: SheetSection.Tone) -> String {
    switch tone {
    case .plain: ""
    case .good: "✅ "
    case .bad: "⚠️ "
    }
}

/// The text without anything that Markdown or HTML would act on.
private func plain(_ text: String) -> String {
    var result = ""
    for character in oneLine(text) {
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "!": result += "\\\(character)"
        case "@": result += "@\u{200B}"
        default: result.append(character)
        }
    }
    return result
}
