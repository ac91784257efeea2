/// Lines up cells in columns, numbers to the right.
struct TextTable {
    private var rows: [[String]]
    private let left: Set<Int>

    /// `left` are the columns whose cells stand at the left.
    init(_ header: [String], left: Set<Int>) {
        rows = [header]
        self.left = left
    }

    mutating func add(_ cells: [String]) { rows.append(cells.map { cut($0, to: 32) }) }

    /// The lines, two spaces between columns, without spaces at their ends. Empty columns are
    /// left out.
    var text: String {
        let columns = rows[0].indices.filter { column in
            rows.count == 1 || rows.dropFirst().contains { !$0[column].isEmpty }
        }
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, width) in zip(columns, widths) {
                let space = String(repeating: " ", count: width - row[column].count)
                line += left.contains(column) ? row[column] + space : space + row[column]
                line += "  "
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
