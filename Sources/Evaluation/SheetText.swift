import Domain

/// Renders a review sheet for a terminal: plain text, `!` before what is worse.
package func text(of sheet: ReviewSheet) -> String {
    var parts = ["\(sheet.title)\n\(sheet.subtitle)"]
    for section in sheet.sections {
        switch section.content {
        case .lines(let lines):
            let body = lines.map { "\(mark($0.tone)) \(oneLine($0.text))" }
            parts.append(([section.title] + body).joined(separator: "\n"))
        case .grid(let grid):
            var table = TextTable([""] + grid.header, left: Set(grid.left.map { $0 + 1 } + [0]))
            for row in grid.rows {
                table.add([mark(row.tone).trimmedEnd] + row.cells.map { oneLine($0) })
            }
            let more = grid.more.isEmpty ? [] : ["  \(grid.more)"]
            parts.append(([section.title, table.text] + more).joined(separator: "\n"))
        case .commands(let commands):
            parts.append(([section.title] + commands.map { "  \($0)" }).joined(separator: "\n"))
        }
    }
    return parts.joined(separator: "\n\n") + "\n"
}

private func mark(_ tone: SheetSection.Tone) -> String {
    switch tone {
    case .plain: " "
    case .good: "+"
    case .bad: "!"
    }
}

extension String {
    fileprivate var trimmedEnd: String { self == " " ? "" : self }
}
