/// Returns whether git takes `name` as the full name of a ref: `git check-ref-format`.
///
/// The rules: at least two components; no component is empty, starts with `.` or ends in
/// `.lock`; no `..`, `@{`, control character, space or one of `~^:?*[\`; no `.` at the end.
package func isRefName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    let components = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard components.count >= 2, bytes.last != UInt8(ascii: "."),
        components.allSatisfy(isRefComponent)
    else { return false }
    return !zip(bytes, bytes.dropFirst()).contains { pair in
        pair == (UInt8(ascii: "."), UInt8(ascii: "."))
            || pair == (UInt8(ascii: "@"), UInt8(ascii: "{"))
    }
}

private let forbiddenInRefs = Set("~^:?*[\\".utf8)

private func isRefComponent(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.first != UInt8(ascii: ".")
        && !bytes.suffix(5).elementsEqual(".lock".utf8)
        && bytes.allSatisfy { $0 > 32 && $0 != 127 && !forbiddenInRefs.contains($0) }
}

/// Returns whether `path` may stand in a tree that we write or check out.
///
/// It is relative, has no empty component and none that is `.`, `..` or `.git` in any case.
package func isTreePath(_ path: String) -> Bool {
    path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        .allSatisfy { isTreeName(String(decoding: $0, as: UTF8.self)) }
}

/// Returns whether `name` may be one component of a path in a tree.
func isTreeName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && name.lowercased() != ".git"
        && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
}
