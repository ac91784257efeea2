extension ParquetFault {
    /// One line of fact.
    var message: String {
        switch kind {
        case .notParquet: "not a Parquet file: it does not begin and end with `PAR1`"
        case .encrypted: "an encrypted Parquet file, which is not read"
        case .cut: "damaged at byte \(offset): the structure that begins there is cut off"
        case .damaged(let what): "damaged at byte \(offset): \(what)"
        case .unsupported(let what): "\(what), at byte \(offset)"
        case .tooLarge(let what): "too large at byte \(offset): \(what)"
        case .unreadable(let code): "byte \(offset) cannot be read: \(errorText(code))"
        }
    }

    /// How to mend it, where writing the file again would not.
    var hint: String? {
        switch kind {
        case .encrypted: "write the file without encryption"
        case .unsupported: "write the file with snappy, gzip or zstd, or without compression"
        case .tooLarge: "write the file with smaller row groups and pages"
        case .notParquet, .cut, .damaged, .unreadable: nil
        }
    }
}
