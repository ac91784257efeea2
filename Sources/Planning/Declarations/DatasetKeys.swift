import Domain

/// What a `datasets/<name>.yaml` may hold.
let datasetKeys = KeyTable(
    "Where the files of a dataset are, their digests, schema and expectations",
    [
        .init("description", .text, "One line for people"),
        .init(
            "files", .list(.table(datasetFileKeys), atLeast: 1),
            "The files of the dataset; by default what datasets/<dataset>.dvc names"),
        .init(
            "source", .text,
            "In place of `files`: the prefix s3://<bucket>/<prefix>/ whose objects are its files"),
        .init(
            "follow", .flag, "With `source`: true, the daemon pins what it finds there in git"),
        .init(
            "format",
            .choice(
                DatasetManifest.Format.allCases.map(\.rawValue),
                later: ["parquet", "arrow", "images", "text"]),
            "How the files are written; by default what their names end in"),
        .init("columns", .list(.table(columnKeys)), "The columns and what their cells must be"),
        .init("checks", .table(checkKeys), "What the dataset as a whole must be"),
    ])

private let datasetFileKeys = KeyTable(
    "One file of a dataset",
    [
        .init("path", .path, "Relative to the repository's root", required: true),
        .init("sha256", .sha256, "The digest that the file must have"),
        .init(
            "url", .text,
            "Where the bytes are when the commit does not hold them: s3://, https:// or http://"),
        .init(
            "dvc", .path, "The .dvc file or dvc.lock that tells the digest in place of `sha256`"),
        .init("rows", .integer(0...Int.max), "How many records the file must have"),
    ])

private let columnKeys = KeyTable(
    "One column and what its cells must be",
    [
        .init("name", .label, "As in the header", required: true),
        .init(
            "type", .choice(ColumnDeclaration.Kind.allCases.map(\.rawValue)),
            "What the cells are", required: true),
        .init("required", .flag, "No cell may be missing; false"),
        .init("unique", .flag, "No two cells may be equal; false"),
        .init("min", anyNumber, "The least value of a cell"),
        .init("max", anyNumber, "The greatest value of a cell"),
        .init("values", .list(.label, atLeast: 1), "The only allowed cells"),
        .init("pattern", .text, "A regular expression that the whole cell must match"),
    ])

let anyNumber = Shape.number(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude)

private let checkKeys = KeyTable(
    "What the dataset as a whole must be",
    [
        .init("row_count", .table(rowCountKeys), "How many rows all files have together"),
        .init("missing_share", .table(missingShareKeys), "The share of missing cells per column"),
        .init("missing_values", .list(.label), "Texts that mean missing beside the empty cell"),
    ])

private let rowCountKeys = KeyTable(
    "How many rows all files have together",
    [
        .init("min", .integer(0...Int.max), "At least"),
        .init("max", .integer(0...Int.max), "At most"),
    ])

private let missingShareKeys = KeyTable(
    "The share of missing cells that any column may have",
    [.init("max", .number(0...1), "At most, from 0 to 1")])
