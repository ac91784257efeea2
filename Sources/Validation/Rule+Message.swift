import Domain

extension Rule {
    /// How to mend what breaks the rule.
    var hint: String {
        switch self {
        case .preparation: "mend the data, or the step of `prepare:`"
        case .unpinned: "wait for the daemon's commit of pins, or look at `source:`"
        case .missingFile: "add the file, or take it out of `files:`"
        case .outsideRoot: "name a file inside the repository, without `..` and outward links"
        case .notAFile: "name a regular file"
        case .emptyFile: "write the file again, or take it out of `files:`"
        case .repeatedFile: "name the file once, or take it out of the pattern"
        case .digest: "if the change is meant, write the found digest into the manifest"
        case .byteCount: "fetch the file again; if the change is meant, write the found size"
        case .rows: "if the change is meant, write the found number into the manifest"
        case .rowCount: "check how the data was made, or change `row_count:`"
        case .changedFile: "let nobody write the file while it is checked"
        case .compression: "write or fetch the file again"
        case .notText: "write the file as text, or take it out of `files:`"
        case .encoding: "write the file as UTF-8"
        case .nulByte:
            "write the file as text; NUL bytes are a sign of binary data, or of UTF-16, which "
                + "`dialect: {encoding: utf-16}` declares"
        case .unbalancedQuote: "close the quote, or write it twice inside a quoted cell"
        case .strayQuote: "quote the whole cell and write its quotes twice (RFC 4180)"
        case .strayCarriageReturn: "end lines with \\n or \\r\\n"
        case .recordSize: "look for a quote that is not closed, or a line end that is missing"
        case .json: "write one JSON object on each line"
        case .parquet, .arrow: "write the file again"
        case .image: "write or fetch the picture again, or take it out"
        case .raggedRow: "quote cells that hold commas, and write every cell of the row"
        case .blankRow: "take the empty line out"
        case .tooManyColumns:
            "nothing is known of what is in it: join such columns, or leave them out of the data"
        case .columnCount: "check how the data was made, or change `column_count:`"
        case .missingColumn: "write the column, or take it out of `columns:`"
        case .blankHeader: "give the column a name, or leave it out of the data"
        case .duplicateColumn: "give each column one name"
        case .columnOrder:
            "write the columns as they are declared, or add `columns: {match: equal}` to `checks:`"
        case .extraColumn: "declare the column under `columns:`, or leave it out of the data"
        case .type: "mend the cell, or change the column's `type:`"
        case .required: "fill the cell, leave the row out, or drop `required:`"
        case .range: "mend the cell, or change `min:` or `max:`"
        case .length: "mend the cell, or change `min_length:` or `max_length:`"
        case .values: "mend the cell, or add it to `values:`"
        case .pattern: "mend the cell, or change `pattern:`"
        case .format: "mend the cell, or drop `format:`"
        case .unique: "leave the repeated row out, or drop `unique:` or the key of `unique_keys:`"
        case .primaryKey: "leave the row out or fill its key, or change `primary_key:`"
        case .foreignKey: "mend the key, add it to the other dataset, or change `foreign_keys:`"
        case .rowRule: "mend the rows, or change the rule"
        case .sorted: "sort the rows, or drop `sorted_by:`"
        case .missingShare: "fill the cells, or raise the limit"
        }
    }
}

extension Rule {
    /// The same in the words of a Table Schema; nil: it has none for it.
    private var schemaHint: String? {
        switch self {
        case .missingColumn: "write the column, or take it out of the schema's `fields`"
        case .columnOrder:
            "write the columns as the schema has them, or say `fieldsMatch: equal` in it"
        case .extraColumn:
            "add the column to the schema's `fields`, or leave it out of the data"
        case .type: "mend the cell, or change the field's `type`"
        case .required: "fill the cell, leave the row out, or drop `constraints.required`"
        case .range:
            "mend the cell, or change `constraints.minimum` or `constraints.maximum`"
        case .length:
            "mend the cell, or change `constraints.minLength` or `constraints.maxLength`"
        case .values: "mend the cell, or add it to `constraints.enum` or `categories`"
        case .pattern: "mend the cell, or change `constraints.pattern`"
        case .format: "mend the cell, or drop the field's `format`"
        case .unique:
            "leave the repeated row out, or drop `constraints.unique` or the key of `uniqueKeys`"
        case .primaryKey: "leave the row out or fill its key, or change `primaryKey`"
        case .foreignKey: "mend the key, add it to the other dataset, or change `foreignKeys`"
        default: nil
        }
    }

    /// Whether it is about columns or keys as a whole, and not about the cells of one column.
    private var isOfSchema: Bool {
        switch self {
        case .missingColumn, .columnOrder, .extraColumn, .unique, .primaryKey, .foreignKey: true
        default: false
        }
    }

    /// How to mend what breaks the rule where a Table Schema declares it; nil: none does.
    func hint(of column: String?, in manifest: DatasetManifest) -> String? {
        let fields = manifest.schemaFields
        let isDeclared = isOfSchema ? !fields.isEmpty : column.map(fields.contains) ?? false
        return isDeclared ? schemaHint : nil
    }
}

extension ScanFault {
    /// The rule that the fault breaks.
    var rule: Rule {
        switch kind {
        case .unbalancedQuote: .unbalancedQuote
        case .strayQuote: .strayQuote
        case .strayCarriageReturn: .strayCarriageReturn
        case .blankRow: .blankRow
        case .invalidUTF8: .encoding
        case .nulByte: .nulByte
        case .recordTooLong, .tooManyKeys: .recordSize
        case .notAnObject: .json
        case .duplicateKey: .duplicateColumn
        }
    }

    /// How to mend what the rule's own hint does not tell.
    func hint(_ encoding: TableDialect.Encoding, _ format: DatasetManifest.Format) -> String? {
        switch kind {
        case .recordTooLong where format == .jsonl:
            return "end each object's line, or split the object into several"
        case .tooManyKeys: return "write what the keys name as values"
        case .invalidUTF8: break
        default: return nil
        }
        guard encoding == .utf8 else { return "declare the encoding that the file is written in" }
        return guess.map {
            "write the file as UTF-8, or declare `dialect: {encoding: \($0.rawValue)}`"
        }
    }

    /// One line of fact about a file that is said to be of an encoding.
    func message(_ encoding: TableDialect.Encoding = .utf8, isUnpacked: Bool = false) -> String {
        let byteNote =
            offset.map { " at byte \($0) of the \(isUnpacked ? "decompressed " : "")file" } ?? ""
        return switch kind {
        case .unbalancedQuote: "the quote that opens here is never closed"
        case .strayQuote: "a quote inside an unquoted cell, or text after a closing quote"
        case .strayCarriageReturn: "a carriage return without a line feed"
        case .blankRow: "the line is empty"
        case .invalidUTF8:
            "not valid \(encoding == .utf8 ? "UTF-8" : encoding.rawValue)\(byteNote)"
        case .nulByte: "a NUL byte\(byteNote)"
        case .recordTooLong(let bytes):
            "a record of more than \(bytes >> 20) MiB, which was not checked"
        case .tooManyKeys(let most):
            "an object with more than \(most) keys that are not declared, which was not checked"
        case .notAnObject(let expected): "not a JSON object: expected \(expected)"
        case .duplicateKey: "the key stands twice in the object"
        }
    }
}
