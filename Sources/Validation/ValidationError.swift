/// Why a dataset could not be checked at all; what is wrong with its data is in the report.
package enum ValidationError: Error, Hashable, Sendable {
    /// The folder that holds the files is not there.
    case noRoot(String)
    /// The system refused to open or read a file; `code` is its errno.
    case unreadable(String, code: Int32)
    /// A folder's files cannot be listed; the reason is the system's.
    case unlisted(String, reason: String)
    /// `pattern:` of a column cannot be matched, and why.
    case badPattern(column: String, String, place: String, hint: String)
    /// What does not fit into memory cannot be written to the folder, or read from it again.
    case noRoom(String, code: Int32)
    /// A rule of the manifest cannot be read.
    case badRule(String, String, place: String, hint: String?)
    /// A library that a compressed file needs is not there; the package is Debian's.
    case libraryMissing(String, package: String, path: String, reason: String)
    /// The C library of this machine cannot read text in an encoding.
    case encodingMissing(String, path: String)
    /// What was kept of some files is gone or damaged, so that these are read again.
    case partsLost
    /// A file was written to, moved or deleted while it was read.
    case changed(String)
    case cancelled
}
