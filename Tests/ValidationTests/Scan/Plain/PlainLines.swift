import Domain

@testable import Validation

/// Checks JSON lines record by record: what the kernel must say of a file of any size.
struct PlainLines: RecordSink {
    /// A broken rule, as a report has it.
    struct Broken: Equatable, CustomStringConvertible {
        var name: String
        var total = 0
        var first: [String] = []

        var description: String { "\(name) \(total) \(first)" }
    }

    private struct Column {
        var rules: ColumnRules
        var walk: PatternWalk?
        var cells = 0
        var missing = 0
        var isMet = false
    }

    let manifest: DatasetManifest
    private var columns: [Column]
    private var numbers: [String: Int] = [:]
    private let missing: TextSet
    private(set) var rows = 0
    private(set) var cells = 0
    private var found: [String: Broken] = [:]

    init(_ manifest: DatasetManifest, _ bytes: [UInt8]) throws {
        self.manifest = manifest
        missing = TextSet(manifest.checks.missingValues)
        columns = try manifest.columns.map { Column(rules: try ColumnRules($0)) }
        for (number, column) in manifest.columns.enumerated() { numbers[column.name] = number }
        var scanner = PlainJSONLScanner()
        scanner.scan(bytes[...], into: &self)
        scanner.finish(into: &self)
        guard !bytes.isEmpty else { return }
        if rows > 0 {
            for column in columns where column.rules.declaration != nil && !column.isMet {
                add("missing_column", column.rules.name, "1:0", "")
            }
        }
    }

    /// As `broken` below, of a report.
    static func broken(_ report: ValidationReport) -> [Broken] {
        let left = report.violations.filter { ![.rowCount, .missingShare].contains($0.rule) }
        return left.map { violation in
            Broken(
                name: "\(violation.rule.rawValue) \(violation.column ?? "")",
                total: violation.total,
                first: violation.occurrences.map {
                    "\($0.place.line ?? 0):\($0.place.column ?? 0) \($0.value ?? "") \($0.message)"
                })
        }.sorted { $0.name < $1.name }
    }

    var broken: [Broken] { found.values.sorted { $0.name < $1.name } }

    /// Missing cells and cells, by column.
    var shares: [String] {
        columns.filter { $0.cells > 0 }.map { "\($0.rules.name) \($0.missing)/\($0.cells)" }
            .sorted()
    }

    private mutating func add(
        _ rule: String, _ column: String, _ place: String, _ value: String, _ message: String = ""
    ) {
        let name = "\(rule) \(column)"
        var broken = found[name] ?? Broken(name: name)
        broken.total += 1
        if broken.first.count < Violation.occurrencesMax {
            let sentence =
                rule == "missing_column" ? "the column `\(column)` is not in the file" : message
            broken.first.append("\(place) \(value) \(sentence)")
        }
        found[name] = broken
    }

    mutating func fault(_ fault: ScanFault) {
        add(
            fault.rule.rawValue, "", "\(fault.line):\(fault.column)", "", fault.message())
    }

    mutating func key(_ name: String, line: Int, column: Int) -> Int? {
        guard columns.count < columnsMax, name.utf8.count <= columnNameBytesMax else {
            add(
                "too_many_columns", "", "\(line):\(column)", String(name.prefix(40)),
                "more than \(columnsMax) columns, or a name of over \(columnNameBytesMax) bytes")
            return nil
        }
        let number = numbers[name] ?? columns.count
        if number == columns.count {
            numbers[name] = number
            columns.append(Column(rules: ColumnRules(undeclared: name)))
        }
        if columns[number].isMet {
            add(
                "duplicate_column", name, "\(line):\(column)", "",
                "the column `\(name.prefix(40))` stands twice in the header")
            return nil
        }
        columns[number].isMet = true
        if columns[number].rules.declaration == nil, !manifest.columns.isEmpty {
            add(
                "extra_column", name, "\(line):\(column)", "",
                "the column `\(name.prefix(40))` is not declared")
        }
        return number
    }

    mutating func record(_ bytes: Span<UInt8>, cells found: Span<Cell>, line: Int) {
        rows += 1
        for number in columns.indices {
            let cell = number < found.count ? found[number] : .absent
            check(bytes, cell, number, "\(line):\(Swift.max(1, cell.column))")
        }
    }

    private mutating func check(
        _ bytes: Span<UInt8>, _ cell: Cell, _ number: Int, _ place: String
    ) {
        let column = columns[number]
        let (rules, range) = (column.rules, cell.start..<cell.end)
        let shown = shownText(bytes, range)
        cells += 1
        columns[number].cells += 1
        if isMissing(bytes, cell) {
            columns[number].missing += 1
            if rules.isRequired {
                add(
                    "required", rules.name, place, shown, "`\(rules.name)` is required and missing")
            }
        } else if let fault = rules.typeFault(bytes, range, cell.kind)
            ?? rules.valueFault(bytes, range, &columns[number].walk)
        {
            add(
                fault.rule.rawValue, rules.name, place, shown,
                fault.message(shown, cell.kind, rules))
        }
    }

    private func isMissing(_ bytes: Span<UInt8>, _ cell: Cell) -> Bool {
        switch cell.kind {
        case .null, .absent: true
        case .number, .boolean, .container: false
        case .text, .string:
            cell.start == cell.end || missing.contains(bytes, cell.start..<cell.end)
        }
    }
}
