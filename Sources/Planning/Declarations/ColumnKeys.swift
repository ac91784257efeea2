import Domain

/// What an item of `columns:` may hold.
let columnKeys = KeyTable(
    "One column and what its cells must be", declarationKeys + strictnessKeys(of: "cells"),
    synonyms: columnSynonyms)

private let declarationKeys: [KeyTable.Key] = [
    .init("name", .label, "As in the header", required: true),
    .init(
        "type", .choice(ColumnDeclaration.Kind.allCases.map(\.rawValue)),
        "What the cells are", required: true),
    .init("required", .flag, "No cell may be missing; false"),
    .init("unique", .flag, "No two cells may be equal; false"),
    .init("min", .bound, "The least value of a cell: a number, a day or a time"),
    .init("max", .bound, "The greatest value of a cell"),
    .init("values", .list(.label, atLeast: 1), "The only allowed cells"),
    .init("exclusive_min", .bound, "A cell is greater"),
    .init("exclusive_max", .bound, "A cell is less"),
    .init("min_length", .integer(0...Int.max), "The least length in characters"),
    .init("max_length", .integer(0...Int.max), "The greatest length in characters"),
    .init("pattern", .text, "A regular expression that the whole cell must match"),
    .init(
        "format", .text,
        "The form of every text: \(textFormatNames); or how dates and times are written: "
            + "%d.%m.%Y"),
    .init("decimal_char", .text, "The character before the fraction of a number; ."),
    .init("group_char", .text, "The character between groups of digits; none"),
    .init("bare_number", .flag, "false: a currency or a percent sign may stand at a number"),
    .init("true_values", .list(.label, atLeast: 1), "The cells that mean true"),
    .init("false_values", .list(.label, atLeast: 1), "The cells that mean false"),
    .init(
        "missing_values", .list(.label),
        "The texts that mean missing here in place of those of `checks`"),
    .init(
        "classification", .choice(ColumnDeclaration.Classification.allCases.map(\.rawValue)),
        "Whose cells are shown in no report"),
]

let textFormatNames = ColumnDeclaration.TextFormat.allCases.map(\.rawValue)
    .joined(separator: ", ")
