/// What the journal could not open, read or write.
package enum JournalError: Error, Hashable, Sendable {
    /// The folder of the file is missing and could not be made.
    case folder(path: String, detail: String)
    case notOpened(path: String, detail: String)
    /// The file is there and is no SQLite database, or a damaged one.
    case notADatabase(path: String)
    /// A later version of Slipway wrote the file.
    case newer(path: String)
    case notRemoved(path: String, detail: String)
    /// SQLite refused; `doing` says what was being done.
    case refused(doing: String, detail: String)
    /// The disk has no room left.
    case full(doing: String)
    /// A row does not hold what its table promises.
    case notDecodable(table: String, key: String, detail: String)
    /// A value cannot be written as JSON.
    case notEncodable(what: String, detail: String)
}
