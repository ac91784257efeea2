import Domain

/// What a `datasets/<name>.yaml` may hold.
let datasetKeys = KeyTable(
    "Where the files of a dataset are, their digests, schema and expectations",
    [
        .init("description", .text, "One line for people"),
        .init("owner", .text, "Who answers for the data"),
        .init("tags", .list(.label), "Words to find the dataset by"),
        .init(
            "files", .list(.table(datasetFileKeys), atLeast: 1),
            "The files of the dataset; by default what datasets/<dataset>.dvc names"),
        .init(
            "source", .text,
            "In place of `files`: the prefix s3://<bucket>/<prefix>/ whose objects are its files"),
        .init(
            "follow", .flag, "With `source`: true, the daemon pins what it finds there in git"),
        .init("from", .name("a dataset"), "In place of `files`: the dataset that is prepared"),
        .init(
            "prepare", .list(.table(preparationKeys), atLeast: 1),
            "What is done to the rows, one step after the other"),
        .init(
            "format",
            .choice(DatasetManifest.Format.allCases.map(\.rawValue)),
            "How the files are written; by default what their names end in"),
        .init(
            "unit", .choice(DatasetManifest.Unit.allCases.map(\.rawValue)),
            "What a row of a text is; line"),
        .init("dialect", .table(dialectKeys), "How tables are written, if not as RFC 4180 has it"),
        .init(
            "schema", .tableSchema,
            "A Table Schema, or the path of a file below datasets/ that holds one"),
        .init("columns", .list(.table(columnKeys)), "The columns and what their cells must be"),
        .init("label", .label, "The column that is to be predicted"),
        .init("checks", .table(checkKeys), "What the dataset as a whole must be"),
        .init("served", .table(servedKeys), "The log of requests that `skew` compares with"),
        .init("rules", .list(.table(ruleKeys)), "Conditions on every row"),
        .init(
            "primary_key", .listOrTable(.label, rowKeyKeys),
            "Columns on which no two rows are equal and none is missing"),
        .init(
            "unique_keys", .list(.listOrTable(.label, rowKeyKeys)),
            "Lists of columns on which no two rows are equal"),
        .init("foreign_keys", .list(.table(foreignKeyKeys)), "Cells that must occur elsewhere"),
        .init(
            "sorted_by", .listOrTable(.label, rowKeyKeys),
            "Columns on which no row is before the last"),
    ], synonyms: datasetSynonyms)

private let datasetFileKeys = KeyTable(
    "One file of a dataset",
    [
        .init(
            "path", .path,
            "Relative to the repository's root; many files with `*`, `?`, `**` or a `/` at the end",
            required: true),
        .init(
            "sha256", .sha256,
            "The digest that the file must have; of many files that of what sha256sum prints"),
        .init(
            "url", .text,
            "Where the bytes are when the commit does not hold them: s3://, https:// or http://"),
        .init(
            "dvc", .path, "The .dvc file or dvc.lock that tells the digest in place of `sha256`"),
        .init("rows", .integer(0...Int.max), "How many records the file must have"),
        .init("bytes", .integer(0...Int.max), "How many bytes the file must have"),
    ])

private let ruleKeys = KeyTable(
    "A condition on every row",
    [
        .init("name", .label, "What the rule is called in reports", required: true),
        .init(
            "check", .filled, "amount >= 0 and (country != \"DE\" or vat is not null)",
            required: true),
    ] + strictnessKeys(of: "rows"))

private let rowKeyKeys = KeyTable(
    "Columns, and how strict what is said of rows by them is",
    [.init("columns", .list(.label, atLeast: 1), "The columns", required: true)]
        + strictnessKeys(of: "rows"))

private let servedKeys = KeyTable(
    "The log of requests that the model was asked",
    [
        .init("dataset", .name("a dataset"), "Where they are, a row for each", required: true),
        .init(
            "fields", .map(.filled, names: false),
            "Column → the field of a request that holds it: features.age; that of the same name"),
    ])

private let foreignKeyKeys = KeyTable(
    "Cells that must occur in another dataset",
    [
        .init("columns", .list(.label, atLeast: 1), "The columns here", required: true),
        .init("dataset", .name("a dataset"), "Where they must occur; this dataset itself"),
        .init("references", .list(.label, atLeast: 1), "The columns there; of the same names"),
    ] + strictnessKeys(of: "rows"))

private let dialectKeys = KeyTable(
    "How tables are written",
    [
        .init("delimiter", .text, "One ASCII character between cells; a comma"),
        .init("quote", .text, "One ASCII character around cells; a double quote"),
        .init(
            "encoding", .word(TableDialect.Encoding.names), "In any letter case; utf-8"),
    ])

let anyNumber = Shape.number(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude)
