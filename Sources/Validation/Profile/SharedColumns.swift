import Synchronization

/// The columns of a dataset while several threads count in them, each in another column.
final class SharedColumns: Sendable {
    private let columns: [Column]
    private let begun = Atomic<Int>(0)

    private final class Column: Sendable {
        let statistics: Mutex<ColumnStatistics>

        init(_ statistics: ColumnStatistics) { self.statistics = Mutex(statistics) }
    }

    /// Takes the columns out of a list, because what has two owners is copied when it changes.
    init(taking columns: inout [ColumnStatistics]) {
        self.columns = columns.map(Column.init)
        columns = []
    }

    /// Counts in each column that no other thread has begun; a column is named by its place.
    func countRest(_ count: (Int, inout ColumnStatistics) -> Void) {
        while true {
            let place = begun.add(1, ordering: .relaxed).oldValue
            guard place < columns.count else { return }
            columns[place].statistics.withLock { count(place, &$0) }
        }
    }

    /// All of them, once no thread counts any more.
    var counted: [ColumnStatistics] { columns.map { $0.statistics.withLock { $0 } } }
}
