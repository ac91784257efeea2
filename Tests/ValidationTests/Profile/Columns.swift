import Glibc

@testable import Validation

/// A column of numbers, fed in batches of odd sizes.
func numberColumn(
    _ values: [Double], name: String = "x", missing: Int = 0,
    limits: StatisticsLimits = StatisticsLimits()
) -> ColumnStatistics {
    var column = ColumnStatistics(name: name, kind: .number, limits: limits)
    feed(values, to: &column)
    column.add(missing: missing, spelling: "")
    return column
}

func feed(_ values: [Double], to column: inout ColumnStatistics) {
    var start = 0
    while start < values.count {
        let end = Swift.min(values.count, start + 997)
        column.add(values.span.extracting(start..<end))
        start = end
    }
}

/// A column of text.
func textColumn(
    _ texts: [String], name: String = "x", missing: Int = 0, isPrivate: Bool = false,
    limits: StatisticsLimits = StatisticsLimits()
) -> ColumnStatistics {
    var column = ColumnStatistics(
        name: name, kind: .text, isPrivate: isPrivate, limits: limits)
    var bytes: [UInt8] = []
    var cells: [HashedCell] = []
    for text in texts {
        let start = bytes.count
        bytes += Array(text.utf8)
        cells.append(HashedCell(bytes.span, start..<bytes.count))
    }
    column.add(TextCells(cells), in: CellBytes(bytes))
    column.add(missing: missing, spelling: "")
    return column
}

func profile(_ values: [Double], name: String = "x", missing: Int = 0) -> ColumnProfile {
    ColumnProfile(numberColumn(values, name: name, missing: missing))
}

func profile(_ texts: [String], name: String = "x", missing: Int = 0) -> ColumnProfile {
    ColumnProfile(textColumn(texts, name: name, missing: missing))
}

/// A dataset of columns, without a sample.
func dataset(_ columns: [ColumnStatistics], label: String? = nil) -> DatasetProfile {
    var statistics = DatasetStatistics(columns: columns, label: label)
    statistics.rows = columns.first.map { ColumnProfile($0).rows } ?? 0
    return DatasetProfile(statistics)
}

/// Small limits, so that few values reach the sketches.
let smallLimits = StatisticsLimits(distinctMax: 500, exactRowsMax: 2000)

extension SeededRandom {
    /// From 0 up to 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Standard normal, by Box and Muller.
    mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    }
}

/// Incomes as in the measurements of other tools: log-normal with σ = 0.6, and one in a thousand
/// spoilt by a factor of 1000.
func incomes(_ count: Int, seed: UInt64, factor: Double = 1) -> [Double] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { index in
        let income = 40_000 * exp(0.6 * random.normal())
        return index % 1000 == 500 ? income * 1000 : income * factor
    }
}
