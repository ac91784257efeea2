import Domain

/// What a model may hold below `folds:`.
let foldKeys = KeyTable(
    "How it is measured on data that it is trained on too",
    [
        .init("dataset", .name("a role"), "What the model calls the dataset; train"),
        .init("k", .integer(2...foldsMax), "How many folds; each row is in one"),
        .init("hold_out", .share, "In place of `k`: the share of rows that are kept back once"),
        .init(
            "by", .choice(["random", "stratified", "group", "hash"]),
            "What decides about a row; random"),
        .init("columns", .list(.label, atLeast: 1), "Strata, or the key of groups"),
        .init("seed", .integer(0...Int.max), "Another seed makes other folds; 0"),
    ])

private let foldsMax = 50

extension ModelDecoder {
    mutating func folds(_ node: YAMLNode) -> FoldDeclaration? {
        let kind: FoldDeclaration.Kind
        switch (node["k"]?.integer, node["hold_out"]?.number) {
        case (let count?, nil): kind = .folds(count)
        case (nil, let share?): kind = .holdOut(share)
        default:
            report(node, "`folds` needs either `k` or `hold_out`", hint: "folds: {k: 5, seed: 7}")
            return nil
        }
        let method = node["by"]?.text.flatMap(RowSplit.Method.init) ?? .random
        let columns = node["columns"]?.items.compactMap(\.label) ?? []
        if method == .random, !columns.isEmpty {
            report(
                node["columns"] ?? node, "`columns` means nothing with `by: random`",
                hint: "by: stratified, group or hash")
        } else if method != .random, columns.isEmpty {
            report(node, "`by: \(method.rawValue)` needs `columns`", hint: "columns: [customer]")
        }
        return FoldDeclaration(
            role: node["dataset"]?.label.flatMap(RoleName.init) ?? RoleName(checked: "train"),
            kind: kind, method: method, columns: columns, seed: node["seed"]?.integer ?? 0,
            place: node.place(in: file))
    }
}
