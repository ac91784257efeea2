/// How the cells of a column fall into classes: texts, and numbers of which few are different, by
/// themselves; other numbers by the deciles that they lie between.
enum CellClasses: Equatable {
    case cells
    /// Where numbers are cut, ascending; a number that is equal to a cut lies below it.
    case parts([Double])

    init(of column: Int, in cells: CellSpool) throws(SpillFault) {
        guard cells.columns[column].isNumber else {
            self = .cells
            return
        }
        var (count, different): (Int, [UInt64]) = (0, [])
        try cells.read(column) { words in
            for word in words where word != CellWord.missing {
                count += 1
                if different.count <= SampleAssociation.categoriesMax, !different.contains(word) {
                    different.append(word)
                }
            }
        }
        guard different.count > SampleAssociation.categoriesMax else {
            self = .cells
            return
        }
        let shares = (1...9).map { Double($0) / 10 }
        var ranks: Set<Int> = []
        for share in shares {
            _ = WeightedPoints.quantile(share, of: count) { rank in
                ranks.insert(rank)
                return 0
            }
        }
        let numbers = try RankedNumbers(of: column, in: cells, ranks: ranks)
        self = .parts(
            shares.map { WeightedPoints.quantile($0, of: count, numbers.value(atRank:)) })
    }

    /// What stands for the class of a cell that is there.
    @inline(__always)
    func word(_ word: UInt64) -> UInt64 {
        switch self {
        case .cells: return word
        case .parts(let cuts):
            let number = Double(bitPattern: word)
            var part: UInt64 = 0
            for cut in cuts where cut < number { part += 1 }
            return part
        }
    }
}

/// The classes of the label by number.
struct LabelClasses {
    /// With more there is nothing to be said.
    static let countMax = 100_000

    let column: Int
    /// Of the cells of each class what stands for it, ascending, so that the numbers do not depend
    /// on the order of the rows.
    private let classes: CellClasses
    private let numbers: WordNumbers

    var count: Int { numbers.count }

    /// nil: there are too many.
    init?(of column: Int, in cells: CellSpool) throws(SpillFault) {
        self.column = column
        let classes = try CellClasses(of: column, in: cells)
        self.classes = classes
        var met = WordNumbers()
        try cells.read(column) { words in
            for word in words where word != CellWord.missing && met.count <= Self.countMax {
                _ = met.insert(classes.word(word))
            }
        }
        guard met.count <= Self.countMax else { return nil }
        var numbers = WordNumbers()
        for word in met.words.sorted() { _ = numbers.insert(word) }
        self.numbers = numbers
    }

    /// The number of a cell's class; nil: it has none.
    @inline(__always)
    func number(_ word: UInt64) -> Int? {
        word == CellWord.missing ? nil : numbers.number(of: classes.word(word))
    }
}
