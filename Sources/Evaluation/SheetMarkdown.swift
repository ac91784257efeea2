import Domain

/// Renders a review sheet as Markdown with tables, as `slipway report` prints it and as it stands
/// under a pull request.
///
/// With `unitsMax`, it has at most that many UTF-16 units, which no forge counts as fewer: sections
/// that are too long are left out whole, and the last line says which, and where they are.
package func markdown(of sheet: ReviewSheet, unitsMax: Int = .max) -> String {
    let head = "## \(markdownText(sheet.title))\n\n\(markdownText(sheet.subtitle))\n"
    let sections = sheet.sections.map { section in
        (title: section.title, text: "\n" + markdown(section) + "\n")
    }
    let whole = head + sections.map(\.text).joined()
    guard whole.utf16.count > unitsMax else { return whole }
    var room = unitsMax - head.utf16.count - leftOut(sections.map(\.title), of: sheet).utf16.count
    var (kept, left): ([String], [String]) = ([], [])
    for section in sections {
        let units = section.text.utf16.count
        if units <= room {
            kept.append(section.text)
            room -= units
        } else {
            left.append(section.title)
        }
    }
    return head + kept.joined() + leftOut(left, of: sheet)
}

private func leftOut(_ titles: [String], of sheet: ReviewSheet) -> String {
    let model = sheet.run.prefix { $0 != "/" }
    return "\nLeft out, because it is too long for this place: "
        + titles.map(markdownText).joined(separator: "; ")
        + ". All of it: `slipway report \(model) --run \(sheet.run)`\n"
}

private func markdown(_ section: SheetSection) -> String {
    var parts = ["### \(markdownText(section.title))"]
    switch section.content {
    case .lines(let lines):
        parts.append(
            lines.map { "- \(mark($0.tone))\(markdownText($0.text))" }.joined(separator: "\n"))
    case .grid(let grid):
        parts.append(table(grid))
        if !grid.more.isEmpty { parts.append(markdownText(grid.more)) }
    case .commands(let commands):
        parts.append("```sh\n\(commands.map { oneLine($0) }.joined(separator: "\n"))\n```")
    }
    return parts.joined(separator: "\n\n")
}

private func table(_ grid: SheetSection.Grid) -> String {
    let rule = grid.header.indices.map { grid.left.contains($0) ? "---" : "---:" }
    let rows = grid.rows.map { row in
        row.cells.enumerated().map { column, cell in
            column == 0 ? mark(row.tone) + markdownText(cell) : markdownText(cell)
        }
    }
    return ([grid.header.map(markdownText), rule] + rows)
        .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
}

private func mark(_ tone: SheetSection.Tone) -> String {
    switch tone {
    case .plain: ""
    case .good: "✅ "
    case .bad: "⚠️ "
    }
}
