import Domain

/// What one item of a manifest's `prepare:` may hold: one of these.
let preparationKeys = KeyTable(
    "One step that makes rows of rows",
    [
        .init("convert", .table(convertKeys), "Make cells what a type asks for"),
        .init("fill_missing", .table(fillKeys), "Put something into missing cells"),
        .init("drop_missing", .table(dropMissingKeys), "Leave out rows with missing cells"),
        .init("drop_duplicates", .table(dropDuplicateKeys), "Leave one of rows that are equal"),
        .init("merge_duplicates", .table(mergeKeys), "Make one row of those that are equal"),
        .init("clip_outliers", .table(outlierKeys), "Move far numbers to the bound"),
        .init("drop_outliers", .table(outlierKeys), "Leave out rows with far numbers"),
        .init("normalise_text", .table(textKeys), "Write equal texts the same way"),
        .init("sample", .table(sampleKeys), "Keep some of the rows"),
        .init("split", .table(splitKeys), "Keep the rows of one part"),
        .init("resize_images", .table(resizeKeys), "Make pictures of one size"),
        .init("convert_images", .table(pictureKeys), "Write pictures in one format"),
    ])

private let someColumns = Shape.list(.label, atLeast: 1)
private let seedShape = Shape.integer(0...Int.max)

private let convertKeys = KeyTable(
    "Make cells what a type asks for, without loss",
    [
        .init("columns", someColumns, "Which columns", required: true),
        .init(
            "to", .choice(ColumnDeclaration.Kind.allCases.filter(\.isScalar).map(\.rawValue)),
            "The type",
            required: true),
        .init("decimal_comma", .flag, "1.234,5 is 1234.5; false"),
        .init("thousands", .text, "The character between groups of digits; none"),
        .init("true_values", someColumns, "What means true, in any case; true, yes, y, t, 1"),
        .init("false_values", someColumns, "What means false, in any case; false, no, n, f, 0"),
        .init("format", .text, "How dates and times are written: %d.%m.%Y, or unix"),
        .init(
            "invalid", .choice(CellConversion.Invalid.allCases.map(\.rawValue)),
            "What becomes of a cell that cannot be converted; fail"),
    ])

private let fillKeys = KeyTable(
    "Put something into missing cells",
    [
        .init("columns", someColumns, "Which columns", required: true),
        .init("value", .label, "This"),
        .init(
            "with", .choice(MissingFill.Statistic.allCases.map(\.rawValue)),
            "What the column's other cells say"),
    ])

private let dropMissingKeys = KeyTable(
    "Leave out rows with missing cells",
    [
        .init("columns", someColumns, "Which columns; all"),
        .init("when", .choice(["any", "all"]), "How many of them are missing; any"),
    ])

private let dropDuplicateKeys = KeyTable(
    "Leave one of rows that are equal",
    [
        .init("columns", someColumns, "In which columns; all"),
        .init(
            "keep", .choice(DuplicateDrop.Keep.allCases.map(\.rawValue)), "Which one stays; first"),
    ])

private let mergeKeys = KeyTable(
    "Make one row of those that are equal",
    [
        .init("columns", someColumns, "In which columns they are equal", required: true),
        .init(
            "take", .map(.choice(DuplicateMerge.Rule.allCases.map(\.rawValue)), names: false),
            "Column → how its cells become one; first"),
    ])

private let outlierKeys = KeyTable(
    "Which numbers are too far from the others",
    [
        .init("columns", someColumns, "Which columns", required: true),
        .init("method", .choice(["tukey", "robust_z", "range"]), "How it is told; tukey"),
        .init("k", .number(0...Double.greatestFiniteMagnitude), "tukey: the fences' width; 3"),
        .init(
            "threshold", .number(0...Double.greatestFiniteMagnitude),
            "robust_z: the greatest score; 3.5"),
        .init("min", anyNumber, "range: the least number"),
        .init("max", anyNumber, "range: the greatest number"),
    ])

private let textKeys = KeyTable(
    "Write equal texts the same way",
    [
        .init("columns", someColumns, "Which columns", required: true),
        .init(
            "form", .choice(TextNormalisation.Form.allCases.map(\.rawValue)),
            "The Unicode normalisation form"),
        .init(
            "case", .choice(TextNormalisation.LetterCase.allCases.map(\.rawValue)),
            "The case of letters"),
        .init("trim", .flag, "Without white space at both ends; false"),
        .init("collapse_spaces", .flag, "Runs of white space become one space; false"),
    ])

private let sampleKeys = KeyTable(
    "Keep some of the rows, in their order",
    [
        .init("share", .share, "Which share of them"),
        .init("rows", .integer(1...Int.max), "How many"),
        .init("seed", seedShape, "Another seed draws other rows; 0"),
        .init("stratify", someColumns, "Each value of these columns keeps its share"),
        .init("weight", .label, "A column: rows are drawn in proportion to it"),
        .init("key", someColumns, "By the hash of these columns: no row moves as data grows"),
    ])

private let splitKeys = KeyTable(
    "Keep the rows of one part",
    [
        .init("part", .label, "Which part", required: true),
        .init(
            "parts", .map(.label, names: false),
            "Part → its share; by time also the moment before which it ends, or `rest`",
            required: true),
        .init(
            "by", .choice(RowSplit.Method.allCases.map(\.rawValue)), "What decides; random"),
        .init("columns", someColumns, "Strata, the key of groups, or the column of the time"),
        .init("seed", seedShape, "Another seed splits otherwise; 0"),
    ])

private let resizeKeys = KeyTable(
    "Make pictures of one size",
    [
        .init("width", .integer(1...PictureResizing.sideMax), "In pixels", required: true),
        .init("height", .integer(1...PictureResizing.sideMax), "In pixels", required: true),
        .init(
            "fit", .choice(PictureResizing.Fit.allCases.map(\.rawValue)),
            "What becomes of another shape; contain"),
        .init(
            "filter", .choice(PictureResizing.Filter.allCases.map(\.rawValue)),
            "How pixels are made of pixels; lanczos"),
    ])

private let pictureKeys = KeyTable(
    "Write pictures in one format",
    [
        .init(
            "format", .choice(PictureConversion.Format.allCases.map(\.rawValue)),
            "How they are written; JPEG stays, everything else becomes png"),
        .init(
            "mode", .choice(PictureConversion.Mode.allCases.map(\.rawValue)),
            "What a pixel is; as it was"),
        .init("quality", .integer(1...95), "Of jpeg; 90"),
    ])
