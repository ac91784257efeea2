/// What a cell is before its type is known.
enum CellKind: UInt8, Sendable {
    /// Of a table.
    case text
    /// JSON values; `container` is an array or an object.
    case string, number, boolean, null, container
    /// JSON: the key is not there.
    case absent
}
