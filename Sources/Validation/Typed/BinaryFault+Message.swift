import Domain

extension BinaryFault {
    /// One line of fact.
    var message: String {
        switch kind {
        case .foreign(let what): what
        case .encrypted: "an encrypted Parquet file, which is not read"
        case .cut: "damaged at byte \(offset): the structure that begins there is cut off"
        case .damaged(let what): "damaged at byte \(offset): \(what)"
        case .unsupported(let what): "\(what), at byte \(offset)"
        case .tooLarge(let what): "too large at byte \(offset): \(what)"
        case .unreadable(let code): "byte \(offset) cannot be read: \(errorText(code))"
        case .cancelled: "it is not read to its end, because nobody waits for it"
        }
    }

    /// How to mend it, where writing the file again would not.
    func hint(_ format: DatasetManifest.Format) -> String? {
        switch kind {
        case .encrypted: "write the file without encryption"
        case .unsupported where format == .arrow:
            "write the columns as one of the types in docs/formats.md, without compression or "
                + "with lz4 or zstd"
        case .unsupported:
            "write the file with snappy, gzip, lz4 or zstd, or without compression"
        case .tooLarge where format == .arrow: "write the file with smaller record batches"
        case .tooLarge: "write the file with smaller row groups and pages"
        case .foreign, .cut, .damaged, .unreadable, .cancelled: nil
        }
    }
}
