/// How the cells of a column fall into classes: texts, and numbers of which few are different, by
/// themselves; other numbers by the deciles that they lie between.
struct CellClasses {
    /// Where numbers are cut, ascending; a number that is equal to a cut lies below it. Empty: each
    /// cell is a class by itself.
    private let cuts: [Double]
    private let form: CellWord.Form

    init(of column: Int, in cells: CellSpool) throws(SpillFault) {
        form = cells.columns[column].form
        guard form != .text, let count = try Self.countOfMany(column, cells) else {
            cuts = []
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
        cuts = shares.map { WeightedPoints.quantile($0, of: count, numbers.value(atRank:)) }
    }

    /// How many cells of a column there are; nil: few of them are different.
    private static func countOfMany(
        _ column: Int, _ cells: CellSpool
    ) throws(SpillFault) -> Int? {
        var (count, different): (Int, [UInt64]) = (0, [])
        try cells.read(column) { words in
            for word in words where word != CellWord.missing {
                count += 1
                if different.count <= SampleAssociation.categoriesMax, !different.contains(word) {
                    different.append(word)
                }
            }
        }
        return different.count > SampleAssociation.categoriesMax ? count : nil
    }

    /// What stands for the class of each of some cells; what is missing stays so.
    ///
    /// Of many at a time, so that the cuts are looked up once.
    func words(_ cells: [UInt64]) -> [UInt64] {
        guard !cuts.isEmpty else { return cells }
        let (cuts, form) = (cuts, form)
        return cells.map { word in
            guard word != CellWord.missing else { return word }
            let number = form.number(word)
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
    let classes: CellClasses
    /// Of what stands for each class, ascending, so that the numbers do not depend on the order of
    /// the rows.
    private let numbers: WordNumbers

    var count: Int { numbers.count }

    /// nil: there are too many.
    init?(of column: Int, in cells: CellSpool) throws(SpillFault) {
        self.column = column
        let classes = try CellClasses(of: column, in: cells)
        self.classes = classes
        var met = WordNumbers()
        try cells.read(column) { words in
            for word in classes.words(words)
            where word != CellWord.missing && met.count <= Self.countMax {
                _ = met.insert(word)
            }
        }
        guard met.count <= Self.countMax else { return nil }
        var numbers = WordNumbers()
        for word in met.words.sorted() { _ = numbers.insert(word) }
        self.numbers = numbers
    }

    /// The number of the class that a word of `classes` stands for; nil: the cell has none.
    @inline(__always)
    func number(_ word: UInt64) -> Int? {
        word == CellWord.missing ? nil : numbers.number(of: word)
    }
}
