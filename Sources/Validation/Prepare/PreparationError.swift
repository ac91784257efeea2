package import Domain

/// Why a dataset could not be prepared.
package enum PreparationError: Error, Hashable, Sendable {
    /// What its rows are made of is not as it is declared, or cannot be read as rows.
    case source(DatasetName, [Diagnostic])
    /// A cell, or a row, cannot go through a step.
    case cell(place: Place, step: Int, name: String, message: String, hint: String?)
    /// A step cannot be carried out on the data as a whole.
    case step(place: Place, step: Int, name: String, message: String, hint: String?)
    /// What does not fit into memory cannot be kept on the disk; the errno says why.
    case noRoom(code: Int32)
    /// The result cannot be written.
    case unwritable(String, reason: String)
    /// The program that prepares pictures cannot be had, or did not run to its end.
    case pictures(Failure)
    /// The files cannot be read at all.
    case validation(ValidationError)
}
