import Domain

extension AuditEntry {
    /// The entries in lines of columns; the key stands behind the sentence it belongs to.
    ///
    ///     #  WHEN                  MODEL   COMMIT   WHO              WHAT
    ///     4  2026-06-01T00:00:00Z  digits  5f0a1b2  ada@example.org  approved evidence …
    package static func table(_ entries: some Sequence<AuditEntry>) -> String {
        var rows = [["#", "WHEN", "MODEL", "COMMIT", "WHO", "WHAT"]]
        for entry in entries {
            let key = entry.key.map { ", by key \(oneLine($0))" } ?? ""
            rows.append([
                "\(entry.sequence)", entry.at.description, entry.model.text, entry.commit.short,
                entry.who.description, entry.what + key,
            ])
        }
        let widths = rows[0].indices.dropLast().map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count + 2)
            }.joined() + (row.last ?? "")
        }.joined(separator: "\n")
    }
}
