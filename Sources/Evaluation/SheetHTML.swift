import Domain

/// Renders a review sheet as one HTML page without anything outside it, for light and dark.
package func html(of sheet: ReviewSheet) -> String {
    let sections = sheet.sections.map(html).joined(separator: "\n")
    let isBad = sheet.verdict.outcome != .passed
    let body = """
        <header class="\(isBad ? "bad" : "good")">
        <h1>\(markupText(sheet.title))</h1>
        <p>\(markupText(sheet.subtitle))</p>
        </header>
        <main>
        \(sections)
        </main>
        """
    return htmlPage(title: sheet.title, style: style, body: body)
}

private func html(_ section: SheetSection) -> String {
    var lines = ["<section>", "<h2>\(markupText(section.title))</h2>"]
    switch section.content {
    case .lines(let items):
        lines.append("<ul>")
        lines += items.map { "<li class=\"\(name($0.tone))\">\(markupText($0.text))</li>" }
        lines.append("</ul>")
    case .grid(let grid):
        lines.append(html(grid))
        if !grid.more.isEmpty { lines.append("<p class=\"more\">\(markupText(grid.more))</p>") }
    case .commands(let commands):
        let text = commands.map { markupText($0) }.joined(separator: "\n")
        lines.append("<pre><code>\(text)</code></pre>")
    }
    return (lines + ["</section>"]).joined(separator: "\n")
}

private func html(_ grid: SheetSection.Grid) -> String {
    // Because columns without anything in them only take room.
    let columns = grid.header.indices.filter { column in
        grid.rows.contains { !$0.cells[column].isEmpty }
    }
    func row(_ cells: [String], _ tag: String) -> String {
        columns.map { column in
            let side = grid.left.contains(column) ? " class=\"left\"" : ""
            return "<\(tag)\(side)>\(markupText(cells[column]))</\(tag)>"
        }.joined()
    }
    var lines = [
        "<div class=\"wide\" role=\"region\" tabindex=\"0\"><table>",
        "<thead><tr>\(row(grid.header, "th"))</tr></thead>", "<tbody>",
    ]
    lines += grid.rows.map { "<tr class=\"\(name($0.tone))\">\(row($0.cells, "td"))</tr>" }
    return (lines + ["</tbody></table></div>"]).joined(separator: "\n")
}

private func name(_ tone: SheetSection.Tone) -> String {
    switch tone {
    case .plain: "plain"
    case .good: "good"
    case .bad: "bad"
    }
}

private let style = """
    :root { --back: #fff; --front: #1c2024; --soft: #5d666f; --line: #d9dee3; --card: #f6f8fa;
      --good: #116329; --goodback: #e6f4ea; --bad: #a40e26; --badback: #fdecea; }
    @media (prefers-color-scheme: dark) { :root { --back: #14171a; --front: #e4e8eb;
      --soft: #9aa4ad; --line: #333a41; --card: #1d2125; --good: #7ee2a0; --goodback: #14301f;
      --bad: #ff9c95; --badback: #3b1a1c; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 1400px; padding: 1rem; background: var(--back);
      color: var(--front); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    header { border-left: 6px solid var(--line); padding: .25rem 0 .25rem 1rem; }
    header.good { border-color: var(--good); } header.bad { border-color: var(--bad); }
    h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; }
    h2 { font-size: 1rem; margin: 0 0 .5rem; }
    header p, .more { color: var(--soft); margin: .25rem 0 0; }
    main { columns: 30rem; column-gap: 1rem; padding-top: 1rem; }
    section { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
      break-inside: avoid; margin: 0 0 1rem; padding: .75rem 1rem; }
    ul { list-style: none; margin: 0; padding: 0; }
    li { border-left: 3px solid transparent; margin: .15rem 0; padding: 0 .5rem; }
    li.good { border-color: var(--good); color: var(--good); }
    li.bad { background: var(--badback); border-color: var(--bad); color: var(--bad); }
    .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
    th, td { border-bottom: 1px solid var(--line); padding: .2rem .5rem; text-align: right;
      white-space: nowrap; font-variant-numeric: tabular-nums; }
    th { color: var(--soft); font-weight: 500; } .left { text-align: left; }
    tr:last-child td { border-bottom: 0; }
    tr.good td { background: var(--goodback); color: var(--good); }
    tr.bad td { background: var(--badback); color: var(--bad); }
    .good > td:first-child::before, li.good::before { content: "✓ "; }
    .bad > td:first-child::before, li.bad::before { content: "! "; }
    @media (max-width: 30rem) { body { padding: .5rem; } section { padding: .5rem; }
      th, td { font-size: 13px; padding: .2rem .3rem; } }
    pre { margin: 0; overflow-x: auto; font: 13px/1.6 ui-monospace, monospace; }
    """
