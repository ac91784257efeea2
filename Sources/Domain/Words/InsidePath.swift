/// Returns the part of `path` below `folder`; nil when it is not in it.
///
/// Because a name may begin with a combining mark, which Swift would join to the slash before it,
/// the bytes are compared.
package func inside(_ folder: String, _ path: String) -> String? {
    let bytes = path.utf8
    let count = folder.utf8.count
    guard bytes.count > count + 1, bytes.starts(with: folder.utf8),
        bytes.dropFirst(count).first == UInt8(ascii: "/")
    else { return nil }
    return String(Substring(bytes.dropFirst(count + 1)))
}
