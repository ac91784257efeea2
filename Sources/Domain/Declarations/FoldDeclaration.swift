/// How a model is measured on data that it is trained on too: what trains and evaluates it runs
/// once for each fold, on all other rows and on the fold's.
package struct FoldDeclaration: Hashable, Codable, Sendable {
    package enum Kind: Hashable, Codable, Sendable {
        /// Every row is in one of so many folds.
        case folds(Int)
        /// This share of the rows is the only fold.
        case holdOut(Double)
    }

    /// What the model calls the dataset.
    package var role: RoleName
    package var kind: Kind
    /// Not by time.
    package var method: RowSplit.Method
    /// Strata, or the key of groups.
    package var columns: [String]
    package var seed: Int
    /// Where it stands in the declaration.
    package var place: Place

    package init(
        role: RoleName, kind: Kind, method: RowSplit.Method = .random, columns: [String] = [],
        seed: Int = 0, place: Place
    ) {
        self.role = role
        self.kind = kind
        self.method = method
        self.columns = columns
        self.seed = seed
        self.place = place
    }

    /// What the rows of a fold are called, which no dataset of the model may be.
    package static let testRole = RoleName(checked: "test")

    package var count: Int {
        switch kind {
        case .folds(let count): count
        case .holdOut: 1
        }
    }

    /// The step that keeps the rows of a fold, from 1; or all others.
    package func split(_ number: Int, keepsOthers: Bool) -> RowSplit {
        let parts: [RowSplit.Part] =
            switch kind {
            case .folds(let count):
                (1...count).map {
                    .init(
                        name: "\($0)", bound: $0 < count ? .share(1 / Double(count)) : .rest)
                }
            case .holdOut(let share):
                [.init(name: "1", bound: .share(share)), .init(name: "rest", bound: .rest)]
            }
        var split = RowSplit(
            part: "\(number)", parts: parts, method: method, columns: columns, seed: seed)
        split.keepsOthers = keepsOthers
        return split
    }
}
